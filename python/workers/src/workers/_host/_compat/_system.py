"""Fixes of `os`, `sys` and other small modules."""

from __future__ import annotations

import _sitebuiltins
import builtins
import gc
import os
import signal
import sys
import threading
import time
from functools import wraps
from typing import TYPE_CHECKING, NamedTuple

from workers._host import _refused
from workers._host._compat._added import add

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

HOST = "host"  # name of the machine; GraalPy asks for its address, which the sandbox has not
# Types that the list of most systems has and Python's own has not.
_TYPES = {
    ".7z": "application/x-7z-compressed",
    ".apk": "application/vnd.android.package-archive",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".epub": "application/epub+zip",
    ".flac": "audio/flac",
    ".ics": "text/calendar",
    ".jar": "application/java-archive",
    ".kml": "application/vnd.google-earth.kml+xml",
    ".m4a": "audio/mp4",
    ".m4v": "video/mp4",
    ".md": "text/markdown",
    ".mid": "audio/midi",
    ".mkv": "video/x-matroska",
    ".odp": "application/vnd.oasis.opendocument.presentation",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".oga": "audio/ogg",
    ".ogg": "audio/ogg",
    ".ogv": "video/ogg",
    ".otf": "font/otf",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".rar": "application/vnd.rar",
    ".rss": "application/rss+xml",
    ".rtf": "application/rtf",
    ".ttf": "font/ttf",
    ".weba": "audio/webm",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
}
_SIGNALS = {
    1: "Hangup",
    2: "Interrupt",
    3: "Quit",
    4: "Illegal instruction",
    5: "Trace/breakpoint trap",
    6: "Aborted",
    7: "Bus error",
    8: "Floating point exception",
    9: "Killed",
    10: "User defined signal 1",
    11: "Segmentation fault",
    12: "User defined signal 2",
    13: "Broken pipe",
    14: "Alarm clock",
    15: "Terminated",
    17: "Child exited",
    18: "Continued",
    19: "Stopped (signal)",
    20: "Stopped",
    28: "Window changed",
}


class Times(NamedTuple):
    """What `os.times` returns."""

    user: float
    system: float
    children_user: float
    children_system: float
    elapsed: float


def mend_os(module: ModuleType) -> Iterator[str]:
    """Mend `os`."""
    yield from add(
        module,
        geteuid=os.getuid,
        getegid=os.getgid,
        times=lambda: Times(time.process_time(), 0.0, 0.0, 0.0, time.monotonic()),
        sched_getaffinity=affinity,
        getrandom=random_bytes,
        fdatasync=os.fsync,
        pread=read_at,
        pwrite=write_at,
    )
    os.kill = reaching_itself(os.kill)
    yield "os.kill"
    found = os.uname()
    if not found.nodename:
        named = type(found)((found[0], HOST, *found[2:]))
        os.uname = lambda: named


def affinity(_pid: int, /) -> set[int]:
    """Return the processors of the machine; the sandbox limits time, not processors."""
    return set(range(os.cpu_count() or 1))


def random_bytes(size: int, flags: int = 0) -> bytes:  # noqa: ARG001 - as os has it
    """Return random bytes."""
    return os.urandom(size)


_POSITION = threading.Lock()


def read_at(fd: int, length: int, offset: int, /) -> bytes:
    """Read from an offset, and leave the file's position as it was."""
    with _POSITION:
        before = os.lseek(fd, 0, os.SEEK_CUR)
        try:
            os.lseek(fd, offset, os.SEEK_SET)
            return os.read(fd, length)
        finally:
            os.lseek(fd, before, os.SEEK_SET)


def write_at(fd: int, buffer: bytes, offset: int, /) -> int:
    """Write at an offset, and leave the file's position as it was."""
    with _POSITION:
        before = os.lseek(fd, 0, os.SEEK_CUR)
        try:
            os.lseek(fd, offset, os.SEEK_SET)
            return os.write(fd, buffer)
        finally:
            os.lseek(fd, before, os.SEEK_SET)


def reaching_itself(plain: Callable[[int, int], None]) -> Callable[[int, int], None]:
    """Return a `kill` that finds the own process, as code that asks whether a process is alive expects."""

    @wraps(plain)
    def kill(pid: int, signal: int, /) -> None:
        if pid != os.getpid() or signal:
            plain(pid, signal)

    return kill


def mend_sys(_module: ModuleType) -> Iterator[str]:
    """Give `sys` an estimate of sizes, and interpreters the functions that `site` adds."""
    sys.getsizeof = _refused.getsizeof
    yield "sys.getsizeof"
    yield from add(
        builtins,
        exit=_sitebuiltins.Quitter("exit", "Ctrl-D (i.e. EOF)"),
        quit=_sitebuiltins.Quitter("quit", "Ctrl-D (i.e. EOF)"),
        help=vars(_sitebuiltins)["_Helper"](),
    )


def mend_math(module: ModuleType) -> Iterator[str]:
    """Mend `math`."""
    yield from add(module, cbrt=cube_root, exp2=power_of_two)


def power_of_two(x: float, /) -> float:
    """Return 2 to the power of x."""
    return 2.0**x


def cube_root(x: float, /) -> float:
    """Return the cube root; whole numbers have whole roots."""
    size = abs(x)
    if not 0 < size < float("inf"):
        return float(x)
    root = size ** (1 / 3)
    root -= (root - size / root / root) / 3
    return -root if x < 0 else root


def mend_errno(module: ModuleType) -> Iterator[str]:
    """Mend `errno`."""
    yield from add(module, ENOTSUP=95)


def ignore(*_given: object) -> None:
    """Do nothing."""


def mend_gc(module: ModuleType) -> Iterator[str]:
    """Mend `gc`: what only tunes CPython's collector does nothing."""
    yield from add(
        module,
        freeze=lambda: None,
        unfreeze=lambda: None,
        get_freeze_count=lambda: 0,
        get_threshold=lambda: (700, 10, 10),
        set_threshold=ignore,
        get_stats=lambda: [{"collections": n, "collected": 0, "uncollectable": 0} for n in gc.get_count()],
    )


def mend_signal(module: ModuleType) -> Iterator[str]:
    """Mend `signal`."""

    def strsignal(signalnum: int, /) -> str | None:
        if signalnum not in signal.valid_signals():
            message = "signal number out of range"
            raise ValueError(message)
        return _SIGNALS.get(signalnum, f"Unknown signal {int(signalnum)}")

    yield from add(module, strsignal=strsignal)


def mend_mimetypes(module: ModuleType) -> Iterator[str]:
    """Let `mimetypes` know the usual types; there is no file of them."""
    if ".docx" not in module.types_map:  # type: ignore[attr-defined]
        for extension, kind in _TYPES.items():
            module.add_type(kind, extension)  # type: ignore[attr-defined]
        yield "mimetypes.types_map"
