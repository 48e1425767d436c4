"""Fixes of `time`: `strftime` with every directive of the C library, and the functions of clocks."""

from __future__ import annotations

import re
import time
from functools import wraps
from typing import TYPE_CHECKING

from workers._host._compat._added import add

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    Moment = time.struct_time | tuple[int, ...]

_DIRECTIVE = re.compile(r"%([-_0^#]*)(\d*)[EO]?([a-zA-Z%])")
# Directives that GraalPy has not, as those that it has.
_COMPOSED = {
    "D": "%m/%d/%y",
    "F": "%Y-%m-%d",
    "h": "%b",
    "n": "\n",
    "r": "%I:%M:%S %p",
    "R": "%H:%M",
    "t": "\t",
    "T": "%H:%M:%S",
}
# Numbers, each with what fills them up and their digits.
_PADDED = {
    **dict.fromkeys("CdgHImMSUVWy", ("0", 2)),
    **dict.fromkeys("ekl", (" ", 2)),
    **dict.fromkeys("uw", ("0", 1)),
    "j": ("0", 3),
    "Y": ("0", 4),
    "G": ("0", 4),
}
_OWN = set("CegGklPsuVz") | set(_COMPOSED)


def mend_time(module: ModuleType) -> Iterator[str]:
    """Mend `time`."""
    if time.strftime("%F") == "%F":
        time.strftime = expanding(time.strftime)
        yield "time.strftime"
    yield from add(
        module,
        CLOCK_REALTIME=0,
        CLOCK_MONOTONIC=1,
        CLOCK_PROCESS_CPUTIME_ID=2,
        CLOCK_THREAD_CPUTIME_ID=3,
        CLOCK_MONOTONIC_RAW=4,
        CLOCK_BOOTTIME=7,
        clock_gettime=seconds,
        clock_gettime_ns=clock,
        clock_getres=resolution,
    )
    # GraalPy adds up the threads that are alive, so the sum falls when one ends.
    time.process_time_ns = rising(time.process_time_ns)
    time.process_time = wraps(time.process_time)(lambda: time.process_time_ns() / 1e9)
    yield "time.process_time"


def rising(read: Callable[[], int]) -> Callable[[], int]:
    """Return a clock that never goes back."""
    latest = 0

    @wraps(read)
    def now() -> int:
        nonlocal latest
        latest = max(latest, read())
        return latest

    return now


def seconds(clk_id: int, /) -> float:
    """Return the seconds of a clock, as `time.clock_gettime`."""
    return clock(clk_id) / 1e9


def resolution(_clk_id: int, /) -> float:
    """Return the resolution of a clock, as `time.clock_getres`."""
    return 1e-9


def clock(clk_id: int, /) -> int:
    """Return the nanoseconds of a clock, as `time.clock_gettime_ns`."""
    clocks: dict[int, Callable[[], int]] = {
        0: time.time_ns,
        2: time.process_time_ns,
        3: time.thread_time_ns,
        **dict.fromkeys((1, 4, 7), time.monotonic_ns),
    }
    if clk_id not in clocks:
        raise OSError(22, "Invalid argument")
    return clocks[clk_id]()


def expanding(plain: Callable[..., str]) -> Callable[..., str]:
    """Return `time.strftime` with all directives and flags of the C library."""

    @wraps(plain)
    def strftime(format: str, t: Moment | None = None, /) -> str:  # noqa: A002 - as time has it
        moment = time.localtime() if t is None else t

        def expand(found: re.Match[str]) -> str:
            flags, width, name = found.groups()
            if name == "%" or (not flags and not width and name not in _OWN and found[0][1] not in "EO"):
                return found[0]
            text = _COMPOSED[name] if name in _COMPOSED else _own(name, moment)
            text = plain("%" + name, moment) if text is None else plain(text, moment)
            return _flagged(text, flags, width, name).replace("%", "%%")

        return plain(_DIRECTIVE.sub(expand, format), moment)

    return strftime


def _own(name: str, moment: Moment) -> str | None:  # noqa: PLR0911 - one line for each directive
    """Return the text of a directive that GraalPy has not, or None."""
    year, _, day, hour, _, _, weekday, yearday = moment[:8]
    match name:
        case "C":
            return f"{year // 100:02}"
        case "e":
            return f"{day:2}"
        case "g" | "G" | "V":
            iso_year, week = _week(year, weekday, yearday)
            return {"g": f"{iso_year % 100:02}", "G": f"{iso_year}", "V": f"{week:02}"}[name]
        case "k":
            return f"{hour:2}"
        case "l":
            return f"{(hour + 11) % 12 + 1:2}"
        case "P":
            return "pm" if hour > 11 else "am"  # noqa: PLR2004 - noon
        case "s":
            return str(int(time.mktime(tuple(moment))))  # type: ignore[arg-type]
        case "u":
            return str(weekday + 1)
        case "z":
            offset = getattr(moment, "tm_gmtoff", None) or 0
            sign, minutes = "-" if offset < 0 else "+", abs(offset) // 60
            return f"{sign}{minutes // 60:02}{minutes % 60:02}"
        case _:
            return None


def _week(year: int, weekday: int, yearday: int) -> tuple[int, int]:
    """Return year and week by ISO 8601."""
    week = (yearday - 1 - weekday + 10) // 7
    if week < 1:
        return year - 1, _weeks(year - 1)
    return (year + 1, 1) if week > _weeks(year) else (year, week)


def _weeks(year: int) -> int:
    def last_day(of: int) -> int:
        return (of + of // 4 - of // 100 + of // 400) % 7

    return 53 if last_day(year) == 4 or last_day(year - 1) == 3 else 52  # noqa: PLR2004 - Thursday, Wednesday


def _flagged(text: str, flags: str, width: str, name: str) -> str:
    """Apply the C library's flags: `-` does not pad, `_` pads with spaces, `0` with zeros, `^` raises."""
    fill, digits = _PADDED.get(name, (" ", 0))
    for flag in flags:
        if flag in "^#":
            if name != "P":
                text = text.lower() if flag == "#" and name in "pZ" else text.upper()
            continue
        fill = {"-": "", "_": " ", "0": "0"}[flag]
        if name in _PADDED:
            text = text.lstrip("0 ") or "0"
            text = text.rjust(digits, fill) if fill else text
    return text.rjust(int(width), fill or " ") if width else text
