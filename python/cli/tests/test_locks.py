"""Locks: honoured, never rewritten, refused when they do not fit."""

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


def test_a_lock_is_honoured_and_never_rewritten(platform: Running, locked: Path) -> None:
    lock = (locked / "uv.lock").read_text()
    assert answer(platform, "locked", contents(locked)) == "3.9"
    # The lock pins what the project would no longer choose.
    files = contents(locked) | {"uv.lock": lock, "pyproject.toml": project(["idna"])}

    revision = platform.deploy("locked", files)

    assert revision["state"] == "failed"
    assert revision["reason"]["code"] == "lock_stale"  # type: ignore[index]
    assert "uv lock" in revision["reason"]["detail"]  # type: ignore[index]


def test_a_pylock_is_honoured(platform: Running, locked: Path) -> None:
    uv(platform, locked, "export", "--format", "pylock.toml", "-o", "pylock.toml", "--no-emit-project")
    (locked / "uv.lock").unlink()

    assert answer(platform, "pylocked", contents(locked)) == "3.9"
    log = platform.api("GET", "/v1/functions/pylocked/revisions/1/build-log").text
    assert "honouring pylock.toml" in log

    stale = platform.deploy("pylocked", contents(locked) | {"pyproject.toml": project(["idna", "Sniff_io"])})
    assert stale["reason"]["code"] == "lock_stale"  # type: ignore[index]
    assert "pylock.toml does not have sniff-io" in stale["reason"]["detail"]  # type: ignore[index]


def test_a_lock_for_other_platforms_is_refused(platform: Running, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        project(["idna"], "[tool.uv]\nenvironments = [\"sys_platform == 'win32'\"]\n")
    )
    (tmp_path / "main.py").write_text(worker("import idna", "idna.__version__"))
    uv(platform, tmp_path, "lock", "--no-build")

    revision = platform.deploy("windows", contents(tmp_path))

    assert revision["state"] == "failed"
    assert "uv.lock is for other platforms only" in revision["reason"]["detail"]  # type: ignore[index]


def test_hashes_of_requirements_are_compared(platform: Running) -> None:
    main = {"main.py": worker("import six", "six.__version__")}
    good = "six==1.17.0 --hash=sha256:4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274\n"
    assert answer(platform, "hashed", main | {"requirements.txt": good}) == "1.17.0"

    wrong = platform.deploy("hashed-wrong", main | {"requirements.txt": good.replace("4721", "0000")})
    assert wrong["state"] == "failed"
    assert "No file of six==1.17.0 has a hash" in wrong["reason"]["detail"]  # type: ignore[index]
