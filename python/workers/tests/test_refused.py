"""Errors for operations that an instance cannot do."""

from __future__ import annotations

import multiprocessing.synchronize
import os
import pwd
import subprocess
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
from conftest import GLOBALS

from workers._host import _refused
from workers._host._lambda_failure import report

if TYPE_CHECKING:
    from collections.abc import Iterator

_REPLACED = [
    *(name for name in dir(os) if name.startswith(("exec", "spawn"))),
    *("system", "popen", "_exit", "getlogin"),
]


@pytest.fixture(autouse=True)
def instance(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    fork_exec = vars(sys.modules["_posixsubprocess"])["fork_exec"]
    for owner, names in {**GLOBALS, os: _REPLACED}.items():
        for name in names:
            monkeypatch.setattr(owner, name, getattr(owner, name))
    monkeypatch.setattr(sys.modules["_posixsubprocess"], "fork_exec", fork_exec)
    monkeypatch.setattr(subprocess, "_fork_exec", fork_exec, raising=False)
    yield
    vars(os).pop("__getattr__", None)


@pytest.mark.parametrize(
    "start",
    [
        lambda: subprocess.run(["ls"], check=False),
        lambda: os.system("ls"),
        lambda: os.popen("ls"),
        lambda: os.execv("/bin/ls", ["ls"]),
    ],
)
def test_starting_a_process_is_not_permitted(start: Any) -> None:
    _refused.refuse_processes()

    with pytest.raises(PermissionError, match="cannot start processes; use threads"):
        start()


def test_functions_that_are_absent_stay_absent_and_say_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "fork")
    _refused.refuse_processes()

    assert not hasattr(os, "fork")
    with pytest.raises(AttributeError, match="cannot start processes"):
        os.fork()
    with pytest.raises(AttributeError, match=r"no attribute 'anything'$"):
        _ = os.anything  # type: ignore[attr-defined]


def test_locks_between_processes_are_not_permitted() -> None:
    module = ModuleType("multiprocessing.synchronize")
    module.SemLock = type("SemLock", (multiprocessing.synchronize.SemLock,), {})
    _refused.refuse_semaphores(module)

    with pytest.raises(PermissionError, match="cannot start processes"):
        module.SemLock(1, 1, 1, ctx=None)


def test_only_the_own_user_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 54321)
    monkeypatch.setattr(os, "getgid", lambda: 54321)
    monkeypatch.delitem(sys.modules, "grp", raising=False)
    _refused.know_own_user("/home/of/function")
    import grp  # noqa: PLC0415 - the one that was made

    assert pwd.getpwuid(54321) == pwd.getpwnam("nobody") == pwd.getpwall()[0]
    assert pwd.getpwuid(54321).pw_dir == "/home/of/function"
    assert grp.getgrgid(54321).gr_name == "nogroup"
    for find, key in ((pwd.getpwuid, 0), (pwd.getpwnam, "root"), (grp.getgrgid, 0), (grp.getgrnam, "x")):
        with pytest.raises(KeyError, match="not found"):
            find(key)  # type: ignore[operator]
    with pytest.raises(TypeError):
        pwd.getpwuid("root")  # type: ignore[arg-type]


def test_os_exit_raises_system_exit() -> None:
    _refused.end_calls_not_processes()

    with pytest.raises(SystemExit):
        os._exit(3)
    with pytest.raises(OSError, match="no terminal"):
        os.getlogin()


@pytest.mark.parametrize("given", ["text", b"bytes", [1, 2], (1,), {"a": 1}, {1}, 1, 1.5, None, object()])
def test_sizes_are_near_those_of_cpython(given: object) -> None:
    real = sys.getsizeof(given)

    assert real / 3 <= _refused.getsizeof(given) <= real * 4


def test_classes_may_know_their_own_size() -> None:
    class Sized:
        def __init__(self, size: int) -> None:
            self.size = size

        def __sizeof__(self) -> int:
            return self.size

    assert _refused.getsizeof(Sized(3)) == 3
    assert _refused.getsizeof(Sized(-1), 7) == 7
    with pytest.raises(TypeError):
        _refused.getsizeof(Sized(-1))


def test_internal_errors_are_described_without_javas_trace() -> None:
    raised = SystemError("NullPointerException: x\n\nJava stack trace:\n\tat com.example.Foo")

    described = report(raised, "id")
    assert b"NullPointerException: x" in described
    assert b"com.example" not in described
