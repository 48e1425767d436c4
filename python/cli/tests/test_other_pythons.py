"""Dependencies whose wheels are for CPython only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from index import package, serving, wheel
from projects import answer, project, report, worker

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    }
    with serving(files) as url:
        yield f'[[tool.uv.index]]\nname = "own"\nurl = "{url}"\n'


@pytest.mark.parametrize(
    ("name", "expected", "versions"),
    [
        ("user", "None", {"user": "1.0"}),
        ("either", "pure", {"either": "2.0"}),
    ],
)
def test_a_native_dependency_that_is_optional_is_left_out(
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


def test_fastapi_is_deployed_without_native_servers(platform: Running) -> None:
    code = "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/')\ndef root():\n    return 'tea'\n"
    files = {"pyproject.toml": project(["fastapi[standard]", "sqlalchemy<2.1"]), "main.py": code}

    assert answer(platform, "others-fastapi", files) == '"tea"'

    told = report(platform, "others-fastapi")
    assert {"greenlet", "httptools", "uvloop"} <= {each["name"] for each in told["without"]}
    newest = {each["name"]: each["version"] for each in told["packages"]}
    assert newest["sqlalchemy"].startswith("2.0.")
    assert tuple(map(int, newest["fastapi"].split(".")[:2])) > (0, 110)
