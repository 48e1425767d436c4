"""Python errors for what an instance cannot do; GraalPy raises Java exceptions or misleading errors."""

from __future__ import annotations

import errno
import os
import pwd
import subprocess
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable

_NO_PROCESSES = "an instance cannot start processes; use threads, asyncio or another function"
_NO_TERMINAL = "an instance has no terminal and no login"
# Functions that GraalPy lacks. They stay missing, because libraries check with hasattr; the error says why.
_ABSENT = dict.fromkeys(("fork", "forkpty", "posix_spawn", "posix_spawnp"), _NO_PROCESSES)


def refuse_processes() -> None:
    """Make every function that starts a process raise PermissionError."""

    def refuse(*_given: object, **_named: object) -> NoReturn:
        raise PermissionError(errno.EPERM, _NO_PROCESSES)

    for name in (
        "system",
        "popen",
        "execv",
        "execve",
        "execl",
        "execle",
        "execlp",
        "execlpe",
        "execvp",
        "execvpe",
    ):
        setattr(os, name, refuse)
    for name in ("spawnl", "spawnle", "spawnlp", "spawnlpe", "spawnv", "spawnve", "spawnvp", "spawnvpe"):
        if hasattr(os, name):
            setattr(os, name, refuse)
    # Popen closes its pipes if this raises. subprocess has copied the function when it was imported.
    for module in (subprocess, sys.modules.get("_posixsubprocess")):
        for name in ("_fork_exec", "fork_exec"):
            if hasattr(module, name):
                setattr(module, name, refuse)

    def absent(name: str) -> NoReturn:
        why = f": {_ABSENT[name]}" if name in _ABSENT else ""
        message = f"module 'os' has no attribute {name!r}{why}"
        raise AttributeError(message, name=name, obj=os)

    os.__getattr__ = absent  # type: ignore[attr-defined]


def refuse_semaphores(module: ModuleType) -> None:
    """Make the locks of `multiprocessing` say why they fail: it makes them before it starts a process."""

    def refuse(*_given: object, **_named: object) -> NoReturn:
        raise PermissionError(errno.EPERM, _NO_PROCESSES)

    module.SemLock.__init__ = refuse  # type: ignore[attr-defined]


def end_calls_not_processes() -> None:
    """Make `os._exit` raise SystemExit, and `os.getlogin` raise OSError because there is no login."""

    def leave(status: int) -> NoReturn:
        raise SystemExit(status)

    def login() -> NoReturn:
        raise OSError(errno.ENOTTY, _NO_TERMINAL)

    os._exit = leave  # type: ignore[assignment]
    os.getlogin = login


class Group(NamedTuple):
    """One group, with the names that `grp` has."""

    gr_name: str
    gr_passwd: str
    gr_gid: int
    gr_mem: list[str]


def know_own_user(home: str) -> None:
    """Make `pwd` and `grp` know only the process's own user and group."""
    name = "nobody" if os.getuid() else "root"
    user = pwd.struct_passwd((name, "x", os.getuid(), os.getgid(), "", home, "/bin/false"))
    group = Group("nogroup" if os.getgid() else "root", "x", os.getgid(), [])
    pwd.getpwuid = _by("getpwuid(): uid", user.pw_uid, user, int)
    pwd.getpwnam = _by("getpwnam(): name", user.pw_name, user, str)
    pwd.getpwall = lambda: [user]
    if "grp" not in sys.modules:
        sys.modules["grp"] = ModuleType("grp", "The group database: the own group.")
    grp: Any = sys.modules["grp"]
    grp.struct_group = Group
    grp.getgrgid = _by("getgrgid(): gid", group.gr_gid, group, int)
    grp.getgrnam = _by("getgrnam(): name", group.gr_name, group, str)
    grp.getgrall = lambda: [group]


def _by(what: str, key: object, entry: Any, kind: type) -> Callable[[Any], Any]:  # noqa: ANN401
    """Return a look-up that finds one entry and fails like CPython's for all others."""

    def find(wanted: Any, /) -> Any:  # noqa: ANN401
        if not isinstance(wanted, kind):
            message = f"{what} must be {kind.__name__}, not {type(wanted).__name__}"
            raise TypeError(message)
        if wanted != key:
            message = f"{what} not found: {wanted!r}"
            raise KeyError(message)
        return entry

    return find


_NO_DEFAULT = object()
# Bytes of an empty object of the type, and of each element.
_SIZES: dict[type, tuple[int, int]] = {
    bool: (28, 0),
    bytearray: (57, 1),
    bytes: (33, 1),
    dict: (64, 32),
    float: (24, 0),
    frozenset: (216, 16),
    int: (28, 0),
    list: (56, 8),
    set: (216, 16),
    str: (49, 1),
    tuple: (40, 8),
}
_SIZE_OF_OTHERS = 48


def getsizeof(given: object, default: object = _NO_DEFAULT) -> Any:  # noqa: ANN401 - as sys has it
    """Return about the size that CPython reports; the size of GraalPy's Java objects is unknown."""
    own = next((vars(kind)["__sizeof__"] for kind in type(given).__mro__ if "__sizeof__" in vars(kind)), None)
    if hasattr(own, "__code__"):
        size: Any = type(given).__sizeof__(given)
        if isinstance(size, int) and size >= 0:
            return size
        if default is not _NO_DEFAULT:
            return default
        message = "__sizeof__() should return an int >= 0"
        raise TypeError(message)
    for kind, (base, each) in _SIZES.items():
        if isinstance(given, kind):
            return base + (each * len(given) if each else 0)  # type: ignore[arg-type]
    return _SIZE_OF_OTHERS
