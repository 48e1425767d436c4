"""Finding the workspace of a member."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from hearth_cli._errors import HearthError
from hearth_cli._workspace import naming, workspace

if TYPE_CHECKING:
    from pathlib import Path


def member(root: Path, extra: str = "", exclude: str = "") -> Path:
    table = f'[tool.uv.workspace]\nmembers = ["packages/*"]\nexclude = [{exclude}]\n'
    (root / "pyproject.toml").write_text(table + extra)
    folder = root / "packages/shop"
    folder.mkdir(parents=True)
    (folder / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    return folder


def test_finds_the_workspace_of_a_member(tmp_path: Path) -> None:
    assert workspace(member(tmp_path)) == tmp_path


def test_a_folder_that_the_workspace_excludes_is_no_member(tmp_path: Path) -> None:
    assert workspace(member(tmp_path, exclude='"packages/shop"')) is None


def test_the_root_names_the_member_that_is_deployed(tmp_path: Path) -> None:
    shop = member(tmp_path)

    written = tomllib.loads(naming(tmp_path, shop).decode())

    assert written["tool"]["hearth"]["build"]["package"] == "shop"


def test_a_root_that_names_another_member_is_refused(tmp_path: Path) -> None:
    shop = member(tmp_path, '[tool.hearth.build]\npackage = "other"\n')

    with pytest.raises(HearthError, match="does not name shop as its package"):
        naming(tmp_path, shop)


def test_broken_toml_is_named(tmp_path: Path) -> None:
    shop = member(tmp_path)
    (shop / "pyproject.toml").write_text("[project\n")

    with pytest.raises(HearthError, match=r"shop/pyproject\.toml cannot be read"):
        naming(tmp_path, shop)
