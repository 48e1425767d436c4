"""Packs a project for upload."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pathspec

from hearth_cli._errors import HearthError
from hearth_cli._workspace import FILE, naming, workspace

_MARKERS = ("pyproject.toml", "requirements.txt")
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


def pack(project: Path) -> bytes:
    """Return a zip of a project, which is a folder or a script.

    Files that the folder's .gitignore names are left out. A member of a workspace comes with its workspace.

    Raise HearthError if the path is no project.
    """
    if project.suffix == ".py" and project.is_file():
        return _pack_script(project)
    if not project.is_dir():
        message = f"{project} is neither a folder nor a Python script."
        raise HearthError(message, "name the folder that holds pyproject.toml")
    if not any((project / name).is_file() for name in _MARKERS):
        message = f"there is no pyproject.toml in {project}."
        raise HearthError(message, "`uv init` makes one; a requirements.txt works as well")
    root = workspace(project)
    return _pack_folder(root, {FILE: naming(root, project)}) if root else _pack_folder(project, {})


def _pack_script(script: Path) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in (script, script.with_name(script.name + ".lock")):
            if file.is_file():
                archive.writestr(_entry(Path(file.name)), file.read_bytes())
    return buffer.getvalue()


def _pack_folder(folder: Path, replaced: dict[str, bytes]) -> bytes:
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
                content = replaced.get(str(relative / name)) or path.read_bytes()
                archive.writestr(_entry(relative / name), content)
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
