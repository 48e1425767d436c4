"""Replacements for parts of the standard library give what CPython gives."""

from __future__ import annotations

import hashlib
import json
import math
import os
import re
import select
import socket
import ssl
import time
from contextlib import suppress
from json import scanner
from typing import TYPE_CHECKING, Any

import pytest

from workers._host._compat import _syslog
from workers._host._compat._clocks import expanding, rising
from workers._host._compat._digests import HostDigest, lend_blake2
from workers._host._compat._files import Opener
from workers._host._compat._network import apart, claiming, forgiving, resolving_services
from workers._host._compat._system import cube_root, read_at, write_at
from workers._host._compat._texts import keeping_surrogates
from workers._host._compat._tls import keeping_defaults

if TYPE_CHECKING:
    from pathlib import Path

_DIRECTIVES = "aAbBcCdDeFgGhHIjklmMnpPrRsStTuUVwWxXyYzZ%"
_OF_GRAALPY = re.compile(r"%[^aAbBcdHIjmMpSUwWxXyYZ%]")
_MOMENTS = [
    *(time.gmtime(day * 86400 + 34567) for day in range(0, 20000, 397)),
    *(time.gmtime(year * 31556952 + hour * 3600) for year in range(28, 60) for hour in (1, 30)),
]


def limited(format: str, t: time.struct_time) -> str:  # noqa: A002 - as time has it
    assert not _OF_GRAALPY.search(format.replace("%%", ""))
    return time.strftime(format, t)


@pytest.mark.parametrize("name", _DIRECTIVES)
def test_times_are_formatted_as_by_the_c_library(name: str) -> None:
    format_ = f"%{name}|%%{name}|%E{name}" if name in "cCxXyY" else f"%{name}|%%{name}"

    for moment in _MOMENTS:
        assert expanding(limited)(format_, moment) == time.strftime(format_, moment)


@pytest.mark.parametrize("flag", ["-", "_", "0", "^", "#", "5", "-5", "_5", "05"])
@pytest.mark.parametrize("name", "CdegGHIjklmMSUVwWyYabpP")
def test_flags_of_times_mean_what_they_mean_to_the_c_library(name: str, flag: str) -> None:
    for moment in _MOMENTS:
        given = f"%{flag}{name}"
        assert expanding(limited)(given, moment) == time.strftime(given, moment)


def test_the_time_zone_is_that_of_the_moment() -> None:
    assert expanding(limited)("%z", time.struct_time((2026, 1, 2, 3, 4, 5, 4, 2, 0))) == "+0000"
    assert expanding(time.strftime)("%z") == time.strftime("%z")


def test_a_clock_never_goes_back() -> None:
    read = rising(iter([3, 5, 4, 6]).__next__)

    assert [read(), read(), read(), read()] == [3, 5, 5, 6]


@pytest.mark.parametrize(
    "text",
    [
        r'"a\ud83db"',
        r'{"\ud83d": ["\ude00", "\ud83d\ude00"]}',
        r'["\uD83D\uDE00", 1.5, null]',
        r'"\ude00\ud83d"',
        '"plain"',
    ],
)
def test_json_keeps_halves_of_surrogate_pairs(text: str) -> None:
    def drop(_context: json.JSONDecoder) -> Any:
        return lambda given, _start: (
            json.loads(re.sub(r"\\u[dD][89abAB]..(?!\\u[dD][c-fC-F])", "", given)),
            0,
        )

    read = keeping_surrogates(drop, scanner.py_make_scanner)(json.JSONDecoder())  # type: ignore[attr-defined]

    assert read(text, 0)[0] == json.loads(text)


def test_a_writer_that_nobody_closed_is_written_before_it_is_read(tmp_path: Path) -> None:
    opener, path = Opener(open), tmp_path / "file"
    writers = [opener(path, "w"), opener(tmp_path / "binary", "wb")]
    for writer, content in zip(writers, ("text", b"bytes"), strict=True):
        writer.write(content)

    assert opener(path).read() == "text"
    assert opener(tmp_path / "binary", "rb").read() == b"bytes"
    writers[0].write("more")
    assert opener(path).read() == "textmore"


def test_writers_are_kept_only_until_they_are_written(tmp_path: Path) -> None:
    opener = Opener(open)
    with opener(tmp_path / "closed", "w") as closed:
        closed.write("x")
    for number in range(200):
        opener(tmp_path / str(number), "w").write("x")
    opener.flush()

    assert all((tmp_path / str(number)).read_text() == "x" for number in range(200))


def test_a_pipe_is_not_written_at_the_end_of_a_call() -> None:
    opener = Opener(open)
    reading, writing = os.pipe()
    with opener(writing, "wb") as writer:
        writer.write(b"x")
        opener.flush()
        assert not select.select([reading], [], [], 0)[0]
    os.close(reading)


def test_open_is_not_bound_to_an_object(tmp_path: Path) -> None:
    class Storage:
        opener = Opener(open)

    with Storage().opener(tmp_path / "file", mode="w", encoding="utf-8") as file:
        file.write("x")

    assert Storage.opener.__name__ == "open"


def of_graalpy(rlist: Any, wlist: Any, xlist: Any, timeout: float | None = None) -> Any:
    """Return what GraalPy returns: of a socket in both lists it sees only whether it can be written."""
    return select.select([each for each in rlist if each not in wlist], wlist, xlist, timeout)


def test_select_sees_sockets_that_can_be_read_and_written() -> None:
    one, other = socket.socketpair()
    other.send(b"x")

    assert apart(of_graalpy)([one], [one], [], 1) == ([one], [one], [])
    assert apart(of_graalpy)([other.fileno()], [other], []) == ([], [other], [])


def test_select_sees_a_full_socket_that_can_be_read() -> None:
    one, other = socket.socketpair()
    one.settimeout(0)
    with suppress(BlockingIOError):
        while True:
            one.send(bytes(1 << 16))
    assert apart(of_graalpy)([one], [one], [], 0) == ([], [], [])
    other.send(b"x")

    assert apart(of_graalpy)([one], [one], []) == ([one], [], [])


@pytest.mark.parametrize(("family", "host"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")])
def test_a_port_is_chosen_before_the_socket_is_bound(family: socket.AddressFamily, host: str) -> None:
    given: list[Any] = []
    bind = claiming(lambda _socket, address: given.append(address))
    with socket.socket(family) as made:
        bind(made, (host, 0))
        bind(made, (host, 80))

    assert given[0][0] == host
    assert given[0][1] > 0
    assert given[1] == (host, 80)


def test_options_that_only_tune_are_ignored() -> None:
    def refuse(_socket: socket.socket, *_given: object) -> None:
        raise OSError(92, "Protocol not available")

    with socket.socket() as made:
        forgiving(refuse)(made, socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 60)
        with pytest.raises(OSError, match="Protocol not available"):
            forgiving(refuse)(made, socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def test_services_have_names() -> None:
    given: list[Any] = []
    resolve = resolving_services(lambda *address: given.append(address))
    for port in ("https", b"http", "8080", 25, None):
        resolve("localhost", port)

    assert [port for _, port in given] == [443, 80, "8080", 25, None]


@pytest.mark.parametrize(
    "names",
    ["ECDHE-RSA-AES128-GCM-SHA256", "DEFAULT@SECLEVEL=1", "HIGH:!aNULL:!MD5", "TLS_AES_256_GCM_SHA384"],
)
def test_names_of_ciphers_leave_the_default(names: str) -> None:
    def refuse(_context: ssl.SSLContext, _names: str) -> None:
        raise ssl.SSLError

    keeping_defaults(refuse)(ssl.create_default_context(), names)
    for wrong in ("", "TEA", names + ":TEA"):
        with pytest.raises(ssl.SSLError):
            keeping_defaults(refuse)(ssl.create_default_context(), wrong)


def digest(  # noqa: PLR0913, PLR0917 - as the host has it
    name: str, data: bytes, length: int, key: bytes, salt: bytes, person: bytes
) -> str:
    if name.startswith("shake"):
        return hashlib.new(name, data).digest(length).decode("latin-1")  # type: ignore[call-arg]
    made = getattr(hashlib, name)(data, digest_size=length, key=key, salt=salt, person=person)
    return made.digest().decode("latin-1")


@pytest.mark.parametrize("name", ["blake2b", "blake2s"])
@pytest.mark.parametrize("named", [{}, {"key": b"k"}, {"salt": b"s", "person": b"p", "digest_size": 20}])
def test_blake2_takes_key_salt_and_person(
    name: str, named: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = getattr(hashlib, name)
    monkeypatch.setattr(hashlib, name, real)
    assert list(lend_blake2(digest, name)) == [f"hashlib.{name}"]
    mended = getattr(hashlib, name)
    monkeypatch.setattr(hashlib, name, real)

    made, right = mended(b"tea", **named), real(b"tea", **named)
    other = made.copy()
    other.update(b"cup")

    assert made.hexdigest() == right.hexdigest()
    assert other.digest() == real(b"teacup", **named).digest()
    assert (made.digest_size, made.block_size, made.name) == (right.digest_size, right.block_size, name)
    assert (mended.MAX_DIGEST_SIZE, mended.SALT_SIZE) == (real.MAX_DIGEST_SIZE, real.SALT_SIZE)
    for wrong in ({"key": bytes(65)}, {"salt": bytes(17)}, {"key": b"k", "digest_size": 65}):
        with pytest.raises(ValueError, match=r"size|length"):
            mended(b"", **wrong)


def test_shake_has_digests_of_any_length() -> None:
    made = HostDigest(digest, "shake_128", 0, 168, b"", b"", b"")
    made.update(b"tea")

    assert made.hexdigest(40) == hashlib.shake_128(b"tea").hexdigest(40)
    assert made.digest(0) == b""
    with pytest.raises(TypeError):
        made.digest()
    with pytest.raises(TypeError):
        made.update("text")  # type: ignore[arg-type]


def test_reading_and_writing_at_an_offset_keeps_the_position(tmp_path: Path) -> None:
    file = os.open(tmp_path / "file", os.O_RDWR | os.O_CREAT)
    os.write(file, b"abcdef")

    assert (read_at(file, 2, 1), write_at(file, b"X", 0)) == (b"bc", 1)
    assert os.pread(file, 9, 0) == b"Xbcdef"
    assert os.lseek(file, 0, os.SEEK_CUR) == 6
    os.close(file)


@pytest.mark.parametrize("number", [0.0, 8, 27, -1000, 0.5, 1e300, float("inf"), 5e-324])
def test_cube_roots_are_right(number: float) -> None:
    assert cube_root(number) == pytest.approx(math.cbrt(number), rel=1e-15, abs=0)
    assert cube_root(-27) == -3


def test_syslog_writes_to_the_functions_log(capsys: pytest.CaptureFixture[str]) -> None:
    _syslog.openlog("tea")
    _syslog.syslog("hot")
    _syslog.setlogmask(_syslog.LOG_UPTO(_syslog.LOG_ERR))
    _syslog.syslog(_syslog.LOG_INFO, "warm")
    _syslog.syslog(_syslog.LOG_USER | _syslog.LOG_ERR, "cold")
    _syslog.closelog()

    assert capsys.readouterr().err == "tea: hot\ntea: cold\n"
