"""Build backends that do what no backend should."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from index import serving, wheel
from projects import project, worker

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Running

BACKEND = """
def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    {body}
"""


def hostile(body: str) -> dict[str, str]:
    settings = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    return {
        "pyproject.toml": project([], settings),
        "backend.py": BACKEND.format(body=body),
        "main.py": worker("", "1"),
    }


@pytest.mark.parametrize(
    ("name", "body", "part"),
    [
        (
            "network",
            "import socket; socket.create_connection(('127.0.0.1', PORT), 5); raise SystemExit('reached')",
            "ConnectionRefusedError",
        ),
        ("secrets", "import os; raise SystemExit(repr(dict(os.environ)))", "failed"),
        ("files", "open('/etc/shadow').read()", "No such file"),
        ("kernel", "open('/proc/sys/kernel/core_pattern', 'w').write('x')", "Read-only file system"),
        (
            "disk",
            "f = open('/tmp/x', 'wb'); [f.write(bytes(1 << 20)) for _ in range(20000)]",
            "No space left",
        ),
        ("output", "[print('x' * 1000) for _ in range(100000)]", "output limit"),
        ("hang", "import threading; threading.Event().wait()", "time limit of 20 s"),
        ("forks", "import os; [os.fork() for _ in range(1000)]", "The build of the project"),
        ("memory", "x = [bytes(1 << 20) for _ in range(100000)]", "MemoryError"),
    ],
)
def test_a_hostile_backend_is_ended(platform: Running, name: str, body: str, part: str) -> None:
    port = platform.url.rpartition(":")[2]  # The platform itself: reachable from here, not from there.

    revision = platform.deploy(f"hostile-{name}", hostile(body.replace("PORT", port)))

    assert revision["state"] == "failed"
    reason = revision["reason"]["detail"]  # type: ignore[index]
    assert part in reason
    assert "HEARTH" not in reason
    assert str(platform.data) not in reason


def test_a_backend_cannot_name_its_wheel_into_other_folders(platform: Running) -> None:
    body = """import zipfile, os
    with zipfile.ZipFile(os.path.join(wheel_directory, "x-1-py3-none-any.whl"), "w") as wheel:
        wheel.writestr("../../../../escaped-1.0.dist-info/METADATA", "Name: escaped\\nVersion: 1.0\\n")
    return "x-1-py3-none-any.whl\""""

    revision = platform.deploy("escapes", hostile(body))

    assert revision["state"] == "failed"
    assert "no plain path inside of the wheel" in revision["reason"]["detail"]  # type: ignore[index]
    assert not list(platform.data.rglob("escaped*"))


def test_a_build_requirement_cannot_bring_commands_that_are_run_outside(
    platform: Running, tmp_path: Path
) -> None:
    met = tmp_path / "met"
    tmp_path.chmod(0o777)
    # uv refuses scripts that are named as a Python is.
    commands = dict.fromkeys(["cat", "dirname", "sh", "env"], f"#!/bin/sh\ntouch {met}\n")
    files = {"evil-1-py3-none-any.whl": wheel("evil", "1", "", commands)}
    with serving(files) as url:
        build = '[build-system]\nrequires = ["evil"]\nbuild-backend = "evil"\n'
        index = f'[[tool.uv.index]]\nurl = "{url}"\ndefault = true\n'
        pyproject = project([], build + index).replace('version = "1.2"', 'dynamic = ["version"]')

        revision = platform.deploy("commands", {"pyproject.toml": pyproject, "main.py": worker("", "1")})

    assert revision["state"] == "failed"
    assert not met.exists()
