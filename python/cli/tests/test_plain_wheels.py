"""Wheels of the default index, which the platform takes without uv where that is plain."""

from __future__ import annotations

import hashlib
import io
import zipfile
from typing import TYPE_CHECKING

import pytest
from conftest import Running, archive
from index import package, serving, wheel
from projects import answer, from_index, project, report, worker

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.platform

BY_UV = "Installed 1 package"


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    good = wheel("liar", "1.0", "x = 1\n")
    with zipfile.ZipFile(io.BytesIO(good)) as packed:
        lying = {name: packed.read(name).decode() for name in packed.namelist()}
    lying["liar.py"] = "x = 2\n"
    with zipfile.ZipFile(io.BytesIO(wheel("slashes", "1.0", "x = 1\n"))) as packed:
        slashes = {name: packed.read(name).decode() for name in packed.namelist()}
    record = "slashes-1.0.dist-info/RECORD"
    slashes[record] = "".join(f"/{line}\n" for line in slashes[record].splitlines())
    native = {"fast/__init__.py": "from . import _fast\n", "fast/_fast.cpython-312-x86_64-linux-gnu.so": ""}
    content = {"tea/__init__.py": "KIND = 'oolong'\n", "tea/tests/test_tea.py": "", "bin/tea": "#!/bin/sh\n"}
    return {
        "tea-1.0-py3-none-any.whl": package("tea", "1.0", content),
        "cup-1.0-py3-none-any.whl": wheel("cup", "1.0", "SIZE = 2\n", {"cup": "#!python\n"}),
        "liar-1.0-py3-none-any.whl": archive(lying),
        "gone-1.0-py3-none-any.whl": wheel("gone", "1.0", ""),
        "slashes-1.0-py3-none-any.whl": archive(slashes),
        "fast-1.0-py3-none-any.whl": wheel("fast", "1.0", ""),
        "fast-2.0-cp312-cp312-manylinux_2_17_x86_64.whl": package("fast", "2.0", native),
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


def test_a_wheel_by_its_address(own: Running, url: str) -> None:
    address = f"{url.removesuffix('/simple')}/files/tea-1.0-py3-none-any.whl"
    files = uses("tea", "tea.KIND") | {"pyproject.toml": project([f"tea @ {address}"])}

    assert answer(own, "by-address", files) == "oolong"
    (told,) = report(own, "by-address")["packages"]
    assert (told["name"], told["version"]) == ("tea", "1.0")


def test_a_wheel_with_scripts_is_left_to_uv(own: Running) -> None:
    assert answer(own, "scripts", uses("cup", "cup.SIZE")) == "2"
    assert BY_UV in build_log(own, "scripts")


def test_a_plain_wheel_that_lies(own: Running) -> None:
    revision = own.deploy("liar", uses("liar", "1"))

    assert revision["state"] == "failed"
    assert "liar.py: it has other content" in revision["reason"]["detail"]  # type: ignore[index]


def lock(index: str, files: dict[str, tuple[str, bytes]], root: str = "x", version: str = "1.2") -> str:
    """Return the lock of a project that depends on each file's release, by the file's address."""
    lines = ["version = 1", "revision = 3", 'requires-python = ">=3.12"']
    for name, (address, content) in files.items():
        release = name.split("-")
        sha256 = hashlib.sha256(content).hexdigest()
        lines += [
            "[[package]]",
            f'name = "{release[0]}"',
            f'version = "{release[1]}"',
            f'source = {{ registry = "{index}" }}',
            f'wheels = [{{ url = "{address}/{name}", hash = "sha256:{sha256}" }}]',
        ]
    named = ", ".join(f'{{ name = "{name.split("-")[0]}" }}' for name in files)
    lines += ["[[package]]", f'name = "{root}"', f'version = "{version}"', 'source = { virtual = "." }']
    lines += [f"dependencies = [{named}]", "[package.metadata]", f"requires-dist = [{named}]"]
    return "\n".join(lines)


def test_a_wheel_that_is_another_one_or_gone(own: Running, files: dict[str, bytes], url: str) -> None:
    where = f"{url.removesuffix('/simple')}/files"
    name = "gone-1.0-py3-none-any.whl"
    other = lock(url, {name: (where, b"other")})
    another = own.deploy("another", uses("gone", "1") | {"uv.lock": other})
    assert another["state"] == "failed"
    assert hashlib.sha256(b"other").hexdigest() in another["reason"]["detail"]  # type: ignore[index]

    content = files.pop(name)
    gone = own.deploy("vanished", uses("gone", "2") | {"uv.lock": lock(url, {name: (where, content)})})
    assert gone["state"] == "failed"
    assert "gone was not found" in gone["reason"]["detail"]  # type: ignore[index]


def test_a_record_that_uv_mends(own: Running) -> None:
    assert answer(own, "mended", uses("slashes", "slashes.x")) == "1"
    assert BY_UV in build_log(own, "mended")


def test_a_forged_lock_makes_no_layer_of_another_release(
    own: Running, files: dict[str, bytes], url: str
) -> None:
    evil = wheel("tea", "1.0", "KIND = 'poison'\n")
    main = worker("import fast, tea", "tea.KIND")
    native = "fast-2.0-cp312-cp312-manylinux_2_17_x86_64.whl"
    asked = {"requirements.txt": "fast\ntea\n", "main.py": main}
    with serving({"tea-1.0-py3-none-any.whl": evil}) as elsewhere:
        addresses = {
            native: (f"{url.removesuffix('/simple')}/files", files[native]),
            "tea-1.0-py3-none-any.whl": (f"{elsewhere.removesuffix('/simple')}/files", evil),
        }
        # Without a pyproject.toml a lock is none of the project's: it steps back for fast.
        revision = own.deploy("forged", asked | {"uv.lock": lock(url, addresses, "app", "0")})
        assert "stepping back" in build_log(own, "forged"), revision

    assert answer(own, "honest", asked) == "oolong"
