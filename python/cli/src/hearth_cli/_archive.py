"""Packing a project for upload."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pathspec

from hearth_cli._errors import HearthError

_ALWAYS_OUT = (
    ".git/",
    ".hg/",
    ".venv/",
    "venv/",
    "__pycache__/",
    "*.pyc",
    ".hearth/",
    ".pytest_cache/",
    ".mypy_cache/",
    ".ruff_cache/",
    "node_modules/",
)


def pack(folder: Path) -> bytes:
    """Return a zip of a project, without what its .gitignore names; raise HearthError when it is none."""
    if not folder.is_dir():
        message = f"{folder} is not a folder."
        raise HearthError(message, "name the folder that holds pyproject.toml")
    if not (folder / "pyproject.toml").is_file():
        message = f"there is no pyproject.toml in {folder}."
        raise HearthError(message, "`uv init` makes one")
    ignored = _ignored(folder)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for parent, folders, files in os.walk(folder):
            relative = Path(parent).relative_to(folder)
            folders[:] = [name for name in sorted(folders) if not ignored.match_file(f"{relative / name}/")]
            for name in sorted(files):
                path = Path(parent) / name
                if ignored.match_file(str(relative / name)):
                    continue
                if not path.is_file():
                    message = f"{path} is neither a file nor a folder."
                    raise HearthError(message, "remove it, or name it in .gitignore")
                archive.writestr(_entry(relative / name), path.read_bytes())
    return buffer.getvalue()


def _entry(name: Path) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name.as_posix())
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o100644 << 16
    return entry


def _ignored(folder: Path) -> pathspec.GitIgnoreSpec:
    file = folder / ".gitignore"
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    return pathspec.GitIgnoreSpec.from_lines([*lines, *_ALWAYS_OUT])
