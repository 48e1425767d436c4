"""The wheelhouse: wheels that an operator builds with GraalPy's pip."""

from __future__ import annotations

import io
import os
import subprocess
import zipfile
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT
from index import sdist, serving
from projects import answer, assert_problem, project, report, worker
from test_platform import hearth

if TYPE_CHECKING:
    from pathlib import Path

    import httpx
    from conftest import Running

WHEEL = "cffi-2.0.0-graalpy312-graalpy250_312_native-linux_x86_64.whl"
CALLER = {
    "pyproject.toml": project(["cffi==2.0.0"]),
    "main.py": worker(
        "from cffi import FFI\nffi = FFI()\nffi.cdef('int abs(int);')\n", "ffi.dlopen(None).abs(-7)"
    ),
}


def test_builds_use_a_wheel_that_the_operator_built(platform: Running) -> None:
    refused = platform.deploy("calls-c", CALLER)
    assert refused["state"] == "failed"
    detail = refused["reason"]["detail"]  # type: ignore[index]
    assert "cffi==2.0.0 has no wheel that GraalPy can use (x → cffi)" in detail
    assert "./hearth wheelhouse add cffi==2.0.0" in detail

    added = hearth(platform, "wheelhouse", "add", "cffi==2.0.0")

    assert added.returncode == 0, added.stderr
    assert added.stdout.strip() == WHEEL
    assert WHEEL in hearth(platform, "wheelhouse", "list").stdout
    assert answer(platform, "calls-c", CALLER) == "7"
    shipped = {package["name"] for package in report(platform, "calls-c", 2)["packages"]}
    assert {"cffi", "pycparser"} <= shipped
    removed = hearth(platform, "wheelhouse", "remove", WHEEL)
    assert removed.returncode == 0, removed.stderr
    assert platform.api("GET", "/v1/wheelhouse").json() == {"wheels": []}


BACKEND = """
import os, socket, urllib.request, zipfile

def tried(what):
    try:
        what()
        return "reached"
    except OSError as refused:
        return str(refused)

def build_wheel(folder, config_settings=None, metadata_directory=None):
    port = int(os.environ["PIP_INDEX_URL"].rpartition(":")[2].partition("/")[0])
    says = [
        tried(lambda: urllib.request.urlopen("https://example.com/", timeout=20)),
        tried(lambda: socket.create_connection(("127.0.0.1", port), 5)),
        tried(lambda: open("/etc/shadow")),
        str(sorted(os.environ)),
    ]
    name = "nosy-1.0-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(folder, name), "w") as wheel:
        wheel.writestr("nosy.txt", "\\n".join(says))
        wheel.writestr("nosy-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: nosy\\nVersion: 1.0\\n")
        wheel.writestr("nosy-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nTag: py3-none-any\\n")
        wheel.writestr("nosy-1.0.dist-info/RECORD", "")
    return name
"""


@pytest.mark.platform
def test_the_build_of_a_wheel_reaches_only_the_index(tmp_path: Path) -> None:
    tree = {
        "pyproject.toml": '[build-system]\nrequires = []\nbuild-backend = "nosy"\nbackend-path = ["."]\n',
        "nosy.py": BACKEND,
        "PKG-INFO": "Metadata-Version: 2.1\nName: nosy\nVersion: 1.0\n",
    }
    with serving({"nosy-1.0.tar.gz": sdist("nosy-1.0", tree)}) as url:
        command = [
            str(ROOT / "hearth"),
            "wheelhouse",
            "add",
            "nosy==1.0",
            "--index",
            url,
            "--out",
            str(tmp_path),
        ]
        added = subprocess.run(  # noqa: S603
            command, env=os.environ | {"SECRET": "shown"}, capture_output=True, text=True, check=False
        )

    assert added.returncode == 0, added.stderr
    said = zipfile.ZipFile(tmp_path / "nosy-1.0-py3-none-any.whl").read("nosy.txt").decode().splitlines()
    assert "403" in said[0]
    assert "refused" in said[1]
    assert "No such file" in said[2]
    assert "SECRET" not in said[3]
    assert "refused a connection to example.com" in added.stderr


def test_an_unknown_recipe_is_refused(platform: Running) -> None:
    refused = hearth(platform, "wheelhouse", "add", "lxml")

    assert refused.returncode == 1
    assert "neither NAME==VERSION nor one of the recipes (cffi, " in refused.stderr


def test_unusable_wheels_are_refused(platform: Running) -> None:
    def put(name: str, content: bytes) -> httpx.Response:
        return platform.api("PUT", f"/v1/wheelhouse/{name}", content=content)

    archive = io.BytesIO()
    zipfile.ZipFile(archive, "w").close()

    other = put("cffi-2.0.0-cp312-cp312-manylinux_2_17_x86_64.whl", b"")
    assert_problem(other, 400, "request_invalid", "is not a wheel that the platform's interpreter can use")
    assert_problem(put(WHEEL, b"garbage"), 400, "request_invalid", "is not a zip")
    assert_problem(put(WHEEL, archive.getvalue()), 400, "request_invalid", "no METADATA")
    missing = platform.api("DELETE", f"/v1/wheelhouse/{WHEEL}")
    assert_problem(missing, 404, "not_found", WHEEL)
