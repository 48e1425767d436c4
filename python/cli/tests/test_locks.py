"""Lock files: used as they are, never rewritten, refused when stale."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from conftest import Running, tool
from projects import answer, project, worker

if TYPE_CHECKING:
    from pathlib import Path


def uv(platform: Running, folder: Path, *arguments: str) -> None:
    python = platform.data / "build" / "interpreter" / "bin" / "graalpy"
    command = [tool("uv"), *arguments, "--python", str(python)]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)  # noqa: S603


@pytest.fixture
def locked(platform: Running, tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text(project(["idna<3.10"]))
    (tmp_path / "main.py").write_text(worker("import idna", "idna.__version__"))
    uv(platform, tmp_path, "lock", "--no-build", "--upgrade-package", "idna")
    return tmp_path


def contents(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): file.read_text()
        for file in folder.rglob("*")
        if file.is_file() and ".venv" not in file.parts
    }


def test_a_lock_is_used_unchanged_and_refused_when_stale(platform: Running, locked: Path) -> None:
    lock = (locked / "uv.lock").read_text()
    assert answer(platform, "locked", contents(locked)) == "3.9"
    # The lock pins a version that the project no longer asks for.
    files = contents(locked) | {"uv.lock": lock, "pyproject.toml": project(["idna"])}

    revision = platform.deploy("locked", files)

    assert revision["state"] == "failed"
    assert revision["reason"]["code"] == "lock_stale"  # type: ignore[index]
    assert "uv lock" in revision["reason"]["detail"]  # type: ignore[index]
