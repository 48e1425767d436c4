"""Releases whose wheels are for CPython alone."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from conftest import tool
from index import package, serving, wheel
from projects import answer, project, report, worker

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import Running

NATIVE = "cp312-cp312-manylinux_2_17_x86_64.whl"
GUARDED = "try:\n    import fast\nexcept ImportError:\n    fast = None\n"


def native(name: str, init: str) -> bytes:
    return package(
        name, "2.0", {f"{name}/__init__.py": init, f"{name}/_fast.cpython-312-x86_64-linux-gnu.so": ""}
    )


@pytest.fixture(scope="module")
def index() -> Iterator[str]:
    files = {
        f"fast-2.0-{NATIVE}": native("fast", "from ._fast import answer\n"),
        "fast-1.0-py3-none-any.whl": wheel("fast", "1.0", "answer = 'slow'\n"),
        f"either-2.0-{NATIVE}": native(
            "either", "try:\n    from ._fast import answer\nexcept ImportError:\n    answer = 'pure'\n"
        ),
        "user-1.0-py3-none-any.whl": wheel("user", "1.0", GUARDED, requires="fast"),
        "strict-2.1-py3-none-any.whl": wheel("strict", "2.1", "from fast import answer", requires="fast>=2"),
        "strict-2.0-py3-none-any.whl": wheel("strict", "2.0", "from fast import answer", requires="fast>=2"),
        "strict-1.9-py3-none-any.whl": wheel("strict", "1.9", "from fast import answer", requires="fast<2"),
        "loose-2.1-py3-none-any.whl": wheel("loose", "2.1", "from fast import answer", requires="fast>=2"),
        "loose-2.0-py3-none-any.whl": wheel("loose", "2.0", "from fast import answer", requires="fast<2"),
    }
    with serving(files) as url:
        yield f'[[tool.uv.index]]\nname = "own"\nurl = "{url}"\n'


@pytest.mark.parametrize(
    ("name", "expected", "versions"),
    [
        ("user", "None", {"user": "1.0"}),
        ("either", "pure", {"either": "2.0"}),
        ("fast", "slow", {"fast": "1.0"}),
        ("loose", "slow", {"fast": "1.0", "loose": "2.0"}),
    ],
)
def test_what_works_all_the_same(
    platform: Running, index: str, name: str, expected: str, versions: dict[str, str]
) -> None:
    expression = "user.fast" if name == "user" else f"{name}.answer"
    files = {"pyproject.toml": project([name], index), "main.py": worker(f"import {name}", expression)}

    assert answer(platform, f"others-{name}", files) == expected

    told = report(platform, f"others-{name}")
    assert {each["name"]: each["version"] for each in told["packages"]} == versions
    without = [{"name": "fast", "version": "2.0", "chain": "x → user → fast"}]
    assert told["without"] == (without if name == "user" else [])
    pure = [each["name"] for each in told["packages"] if each["withoutNative"]]
    assert pure == (["either"] if name == "either" else [])


def test_no_project_steps_back_to_another_series(platform: Running, index: str) -> None:
    files = {
        "pyproject.toml": project(["strict"], index),
        "main.py": worker("import strict", "strict.answer"),
    }

    revision = platform.deploy("others-strict", files)

    reason = revision["reason"]
    assert reason["code"] == "dependency_uninstallable"  # type: ignore[index]
    assert "fast==2.0 has no wheel that GraalPy can use (x → strict → fast)" in reason["detail"]  # type: ignore[index]


def test_a_lock_that_pins_one(platform: Running, index: str, tmp_path: Path) -> None:
    pyproject = project(["fast", "user"], index).replace(">=3.12", ">=3.11")
    (tmp_path / "pyproject.toml").write_text(pyproject)
    subprocess.run([tool("uv"), "lock", "-q", "--python", sys.executable], cwd=tmp_path, check=True)  # noqa: S603
    locked = {"pyproject.toml": pyproject, "uv.lock": (tmp_path / "uv.lock").read_text()}

    assert (
        answer(platform, "others-locked", locked | {"main.py": worker("import user", "user.fast")}) == "None"
    )

    needing = locked | {"main.py": worker("import fast", "fast.answer")}
    detail = platform.deploy("others-needing", needing)["reason"]["detail"]  # type: ignore[index]
    assert "fast==2.0 has no wheel that GraalPy can use (x → fast). The lock pins it." in detail
    assert "fast==1.0 has one" in detail


def test_frameworks_with_servers_that_are_not_for_graalpy(platform: Running) -> None:
    code = "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/')\ndef root():\n    return 'tea'\n"
    files = {"pyproject.toml": project(["fastapi[standard]", "sqlalchemy<2.1"]), "main.py": code}

    assert answer(platform, "others-fastapi", files) == '"tea"'

    told = report(platform, "others-fastapi")
    assert {"greenlet", "httptools", "uvloop"} <= {each["name"] for each in told["without"]}
    newest = {each["name"]: each["version"] for each in told["packages"]}
    assert newest["sqlalchemy"].startswith("2.0.")
    assert tuple(map(int, newest["fastapi"].split(".")[:2])) > (0, 110)
