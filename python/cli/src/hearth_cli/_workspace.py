"""Finds the uv workspace of a project; a member is uploaded with its whole workspace."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from hearth_cli._errors import HearthError

if TYPE_CHECKING:
    from pathlib import Path

FILE = "pyproject.toml"


def workspace(member: Path) -> Path | None:
    """Return the root of the workspace that has the folder as a member, if there is one."""
    folder = member.resolve()
    for parent in folder.parents:
        table = _read(parent).get("tool", {}).get("uv", {}).get("workspace")
        if table is not None:
            named = {found for glob in table.get("members", []) for found in parent.glob(glob)}
            named -= {found for glob in table.get("exclude", []) for found in parent.glob(glob)}
            return parent if folder in named else None
    return None


def naming(root: Path, member: Path) -> bytes:
    """Return the root's pyproject.toml with the member named as the package to deploy.

    Raise HearthError if it names another package.
    """
    name = _read(member).get("project", {}).get("name", "")
    text = (root / FILE).read_bytes()
    build = _read(root).get("tool", {}).get("hearth", {}).get("build")
    if build is None:
        return text + f'\n[tool.hearth.build]\npackage = "{name}"\n'.encode()
    if build.get("package") != name:
        message = f"{root / FILE} has a [tool.hearth.build] that does not name {name} as its package."
        raise HearthError(message, f"deploy {root}, or remove that table")
    return text


def kept(folder: Path) -> list[str]:
    """Return the patterns of `keep` in a folder's [tool.hearth.build]; the platform checks them."""
    try:
        build: dict[str, Any] = _read(folder).get("tool", {}).get("hearth", {}).get("build", {})
        return [str(pattern) for pattern in build.get("keep", [])]
    except (AttributeError, TypeError):
        return []


def _read(folder: Path) -> dict[str, Any]:
    file = folder / FILE
    try:
        return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
        message = f"{file} cannot be read: {broken}"
        raise HearthError(message, "correct the file; it must be TOML in UTF-8") from broken
