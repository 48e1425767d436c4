import io
import zipfile
from pathlib import Path

import pytest

from hearth_cli._archive import pack
from hearth_cli._deploy import function_name
from hearth_cli._errors import HearthError


def project(folder: Path, *names: str) -> Path:
    for name in ("pyproject.toml", *names):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("[project]\nname = 'My_Tea.Shop'\n", encoding="utf-8")
    return folder


def names(archive: bytes) -> list[str]:
    return zipfile.ZipFile(io.BytesIO(archive)).namelist()


def test_leaves_out_what_gitignore_names(tmp_path: Path) -> None:
    project(tmp_path, "src/main.py", "secret.env", ".venv/bin/python", "src/__pycache__/main.pyc")
    (tmp_path / ".gitignore").write_text("*.env\n", encoding="utf-8")

    assert names(pack(tmp_path)) == [".gitignore", "pyproject.toml", "src/main.py"]


def test_packs_the_same_bytes_each_time(tmp_path: Path) -> None:
    project(tmp_path, "main.py")

    assert pack(tmp_path) == pack(tmp_path)


def test_refuses_a_folder_without_pyproject(tmp_path: Path) -> None:
    with pytest.raises(HearthError, match=r"no pyproject\.toml") as raised:
        pack(tmp_path)

    assert "uv init" in raised.value.hint


def test_function_name_is_the_projects_as_a_dns_label(tmp_path: Path) -> None:
    assert function_name(project(tmp_path)) == "my-tea-shop"


def test_function_name_is_that_of_the_deployed_member(tmp_path: Path) -> None:
    file = project(tmp_path) / "pyproject.toml"
    file.write_text(file.read_text() + '[tool.hearth.build]\npackage = "shop_api"\n')

    assert function_name(tmp_path) == "shop-api"
