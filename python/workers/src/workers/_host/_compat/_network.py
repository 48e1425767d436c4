"""Fixes of `socket` and `select`."""

from __future__ import annotations

import _socket
import errno
import select
import socket
import time
from functools import wraps
from typing import TYPE_CHECKING, Any

from workers._host._compat._system import HOST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

# Seconds between looks at a socket whose peer takes nothing, while code waits to read from it as well.
_LOOK = 0.005
# Options that only tune a connection; the platform does not have them.
_TUNING = {
    (socket.SOL_SOCKET, getattr(socket, "SO_REUSEPORT", 15)),
    *((socket.IPPROTO_TCP, option) for option in (4, 5, 6, 18)),  # keep-alive, and the time-out for answers
}
_SERVICES = {
    "ftp": 21,
    "ssh": 22,
    "telnet": 23,
    "smtp": 25,
    "domain": 53,
    "http": 80,
    "pop3": 110,
    "ntp": 123,
    "imap": 143,
    "imap2": 143,
    "snmp": 161,
    "ldap": 389,
    "https": 443,
    "submissions": 465,
    "syslog": 514,
    "submission": 587,
    "ldaps": 636,
    "imaps": 993,
    "pop3s": 995,
    "mysql": 3306,
    "postgresql": 5432,
    "amqps": 5671,
    "amqp": 5672,
    "redis": 6379,
    "mqtt": 1883,
}


def mend_select(_module: ModuleType) -> Iterator[str]:
    """Mend `select.select`."""
    select.select = apart(select.select)
    yield "select.select"


def mend_selectors(module: ModuleType) -> Iterator[str]:
    """Give the selector, which has copied the function, the mended one."""
    module.SelectSelector._select = staticmethod(select.select)  # type: ignore[attr-defined] # noqa: SLF001
    yield "selectors.SelectSelector"


def apart(plain: Callable[..., tuple[list[Any], list[Any], list[Any]]]) -> Callable[..., Any]:
    """Return a `select` that asks for reading and for writing one after the other.

    For a socket in both lists GraalPy answers only whether it can be written.
    """

    def number(waited: Any) -> int:  # noqa: ANN401 - a number, or an object with one
        return waited if isinstance(waited, int) else waited.fileno()

    @wraps(plain)
    def both(rlist: Any, wlist: Any, xlist: Any, timeout: float | None = None, /) -> Any:  # noqa: ANN401
        reading, writing = list(rlist), list(wlist)
        if not reading or not writing:
            return plain(reading, writing, xlist, timeout)
        numbers = {number(each) for each in reading}
        shared = [each for each in writing if number(each) in numbers]
        if not shared:
            return plain(reading, writing, xlist, timeout)
        others = [each for each in writing if number(each) not in numbers]
        deadline = None if timeout is None else time.monotonic() + timeout
        pause = 0.0
        while True:
            ready, free, failed = plain(reading, others, xlist, pause)
            free += plain([], shared, [], 0)[1]
            left = _LOOK if deadline is None else deadline - time.monotonic()
            if ready or free or failed or left <= 0:
                return ready, [each for each in writing if each in free], failed
            pause = min(_LOOK, left)

    return both


def mend_socket(_module: ModuleType) -> Iterator[str]:
    """Mend `socket`."""
    plain: Any = socket.socket
    plain.bind = claiming(plain.bind)
    yield "socket.bind"
    plain.setsockopt = forgiving(plain.setsockopt)
    yield "socket.setsockopt"
    socket.getservbyname = knowing_services(socket.getservbyname)
    socket.getaddrinfo = resolving_services(socket.getaddrinfo)
    yield "socket.getservbyname"
    if not socket.gethostname():
        socket.gethostname = lambda: HOST


def claiming(plain: Callable[..., None]) -> Callable[..., None]:
    """Return a `bind` that chooses a port itself: GraalPy chooses a second one when the socket listens."""

    @wraps(plain)
    def bind(self: socket.socket, address: tuple[Any, ...], /) -> None:
        is_stream = self.type == socket.SOCK_STREAM and self.family in (socket.AF_INET, socket.AF_INET6)
        if is_stream and address[1:2] == (0,):
            host, _, *others = address
            found = _socket.socket(self.family, self.type, 0)
            try:
                found.bind(address)
                found.listen(1)
                address = (host, found.getsockname()[1], *others)
            finally:
                found.close()
        plain(self, address)

    return bind


def forgiving(plain: Callable[..., None]) -> Callable[..., None]:
    """Return a `setsockopt` that ignores options of `_TUNING`, which urllib3, redis and others set."""

    @wraps(plain)
    def setsockopt(self: socket.socket, level: int, option: int, *given: Any) -> None:  # noqa: ANN401
        try:
            plain(self, level, option, *given)
        except OSError as failed:
            if failed.errno != errno.ENOPROTOOPT or (level, option) not in _TUNING:
                raise

    return setsockopt


def knowing_services(plain: Callable[..., int]) -> Callable[..., int]:
    """Return a `getservbyname` that knows the usual services; there is no file of them."""

    @wraps(plain)
    def getservbyname(servicename: str, *protocol: str) -> int:
        try:
            return plain(servicename, *protocol)
        except OSError:
            if servicename not in _SERVICES:
                raise
            return _SERVICES[servicename]

    return getservbyname


def resolving_services(plain: Callable[..., Any]) -> Callable[..., Any]:
    """Return a `getaddrinfo` that takes names of services."""

    @wraps(plain)
    def getaddrinfo(host: Any, port: Any, *given: Any, **named: Any) -> Any:  # noqa: ANN401
        name = port.decode() if isinstance(port, bytes) else port
        return plain(host, _SERVICES.get(name, port) if isinstance(name, str) else port, *given, **named)

    return getaddrinfo
