"""Wheels of the default index, which the platform takes without uv where that is plain."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest
from conftest import Running, archive
from index import package, serving, wheel
from projects import answer, from_index, project, report, worker

if TYPE_CHECKING:
    from collections.abc import Iterator

BY_UV = "Installed 1 package"


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    good = wheel("liar", "1.0", "x = 1\n")
    with zipfile.ZipFile(io.BytesIO(good)) as packed:
        lying = {name: packed.read(name).decode() for name in packed.namelist()}
    lying["liar.py"] = "x = 2\n"
    content = {"tea/__init__.py": "KIND = 'oolong'\n", "tea/tests/test_tea.py": "", "bin/tea": "#!/bin/sh\n"}
    return {
        "tea-1.0-py3-none-any.whl": package("tea", "1.0", content),
        "cup-1.0-py3-none-any.whl": wheel("cup", "1.0", "SIZE = 2\n", {"cup": "#!python\n"}),
        "liar-1.0-py3-none-any.whl": archive(lying),
        "gone-1.0-py3-none-any.whl": wheel("gone", "1.0", ""),
    }


@pytest.fixture(scope="module")
def url(files: dict[str, bytes]) -> Iterator[str]:
    with serving(files) as url:
        yield url


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory, url: str) -> Iterator[Running]:
    running = Running(tmp_path_factory.mktemp("plain") / "data", UV_DEFAULT_INDEX=url)
    yield running
    running.stop()


def uses(name: str, what: str) -> dict[str, str]:
    return {"pyproject.toml": project([name]), "main.py": worker(f"import {name}", what)}


def build_log(platform: Running, name: str) -> str:
    return platform.api("GET", f"/v1/functions/{name}/revisions/1/build-log").text


def test_a_plain_wheel_makes_the_layer_that_uv_would_make(own: Running, url: str) -> None:
    assert answer(own, "plain", uses("tea", "tea.KIND")) == "oolong"
    assert " + tea==1.0" in build_log(own, "plain")
    assert BY_UV not in build_log(own, "plain")

    # The same index by another name is not the one in force; other rules make another layer.
    rules = '[tool.hearth.build]\nkeep = ["nothing"]\n'
    elsewhere = from_index("tea", url.replace("127.0.0.1", "localhost")) + rules
    assert answer(own, "by-uv", uses("tea", "tea.KIND") | {"pyproject.toml": elsewhere}) == "oolong"
    assert BY_UV in build_log(own, "by-uv")

    first, second = (report(own, name)["packages"][0] for name in ("plain", "by-uv"))
    assert first["layer"] == second["layer"]
    assert [pruned["rule"] for pruned in first["pruned"]] == ["installer", "tests"]


def test_a_wheel_with_scripts_is_left_to_uv(own: Running) -> None:
    assert answer(own, "scripts", uses("cup", "cup.SIZE")) == "2"
    assert BY_UV in build_log(own, "scripts")


def test_a_plain_wheel_that_lies(own: Running) -> None:
    revision = own.deploy("liar", uses("liar", "1"))

    assert revision["state"] == "failed"
    assert "liar.py: it has other content" in revision["reason"]["detail"]  # type: ignore[index]


def test_a_wheel_that_is_gone_or_another_one(own: Running, files: dict[str, bytes], url: str) -> None:
    lock = f"""
version = 1
revision = 3
requires-python = ">=3.12"

[[package]]
name = "gone"
version = "1.0"
source = {{ registry = "{url}" }}
wheels = [
    {{ url = "{url.removesuffix("/simple")}/files/gone-1.0-py3-none-any.whl", hash = "sha256:{"0" * 64}" }},
]

[[package]]
name = "x"
version = "1.2"
source = {{ virtual = "." }}
dependencies = [{{ name = "gone" }}]

[package.metadata]
requires-dist = [{{ name = "gone" }}]
"""
    another = own.deploy("another", uses("gone", "1") | {"uv.lock": lock})
    assert another["state"] == "failed"
    assert "gone" in another["reason"]["detail"]  # type: ignore[index]
    assert "0" * 64 in another["reason"]["detail"]  # type: ignore[index]

    del files["gone-1.0-py3-none-any.whl"]
    gone = own.deploy("gone", uses("gone", "2") | {"uv.lock": lock})
    assert gone["state"] == "failed"
    assert "gone" in gone["reason"]["detail"]  # type: ignore[index]
