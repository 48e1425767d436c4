"""Builds of each kind of project, by REST and by the CLI."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT, Running
from projects import answer, project, worker
from test_platform import hearth

if TYPE_CHECKING:
    from pathlib import Path


def test_requirements_without_pyproject(platform: Running) -> None:
    files = {"requirements.txt": "idna==3.10\n", "main.py": worker("import idna", "idna.__version__")}

    assert answer(platform, "requirements", files) == "3.10"
    log = platform.api("GET", "/v1/functions/requirements/revisions/1/build-log").text
    assert "no [project] table: taking requirements.txt" in log


def test_requirements_may_include_files_and_constraints(platform: Running) -> None:
    files = {
        "requirements.txt": "-r requirements/base.in\n",
        "requirements/base.in": "-c limits.txt\nsix\n",
        "requirements/limits.txt": "six==1.15.0\n",
        "main.py": worker("import six", "six.__version__"),
    }
    assert answer(platform, "included", files) == "1.15.0"

    # The earlier resolution is not reused, because an included file has changed.
    revision = platform.deploy("included", files | {"requirements/limits.txt": "six==1.16.0\n"})
    assert revision["state"] == "live", revision
    assert platform.call("included").text == "1.16.0"


def test_dynamic_dependencies_are_computed_for_each_upload(platform: Running) -> None:
    build = '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'
    pyproject = '[project]\nname = "x"\nversion = "1"\ndynamic = ["dependencies"]\n' + build
    asking = "install_requires=open('asked').read().split(), py_modules=[]"
    setup = f"from setuptools import setup\nsetup({asking})\n"
    main = worker("import six", "six.__version__")
    files = {"pyproject.toml": pyproject, "setup.py": setup, "main.py": main}
    assert answer(platform, "computed", files | {"asked": "six==1.15.0"}) == "1.15.0"

    revision = platform.deploy("computed", files | {"asked": "six==1.16.0"})
    assert revision["state"] == "live", revision
    assert platform.call("computed").text == "1.16.0"


def test_a_script_with_inline_metadata(platform: Running, tmp_path: Path) -> None:
    script = tmp_path / "greet.py"
    header = '# /// script\n# requires-python = ">=3.12"\n# dependencies = ["idna==3.10"]\n# ///\n'
    script.write_text(header + worker("import idna", "idna.__version__"))

    deployed = hearth(platform, "deploy", str(script))

    assert deployed.returncode == 0, deployed.stderr
    assert platform.call("greet").text == "3.10"


@pytest.mark.parametrize(
    ("backend", "requires"),
    [
        ("hatchling.build", "hatchling"),
        ("setuptools.build_meta", "setuptools>=70"),
        ("flit_core.buildapi", "flit_core>=3.9"),
        ("poetry.core.masonry.api", "poetry-core>=2"),
        ("pdm.backend", "pdm-backend"),
        ("uv_build", "uv_build>=0.9,<0.14"),
    ],
)
def test_a_project_with_a_build_system(platform: Running, backend: str, requires: str) -> None:
    name = "pkg-" + backend.partition(".")[0].replace("_", "-")
    files = {
        "pyproject.toml": project(
            [],
            f'[build-system]\nrequires = ["{requires}"]\nbuild-backend = "{backend}"\n'
            '[tool.hearth]\nentry = "tea.worker:Default"\n',
            name="tea",
        ),
        "README.md": "tea",
        "src/tea/__init__.py": '"""Tea."""\n',
        "src/tea/worker.py": worker("from importlib.metadata import version", "version('tea')"),
    }

    assert answer(platform, name, files) == "1.2"


def test_the_same_source_is_built_once(platform: Running) -> None:
    files = {"pyproject.toml": project(["idna==3.10"]), "main.py": worker("import idna", "1")}
    first = platform.deploy("twice", files)

    second = platform.deploy("twice", files)

    assert second["artifact"] == first["artifact"]
    log = platform.api("GET", "/v1/functions/twice/revisions/2/build-log").text
    assert "the same source was built before" in log


def test_a_change_of_code_reuses_every_layer(platform: Running) -> None:
    files = {"pyproject.toml": project(["idna==3.10"]), "main.py": worker("import idna", "2")}
    platform.deploy("changed", files)

    platform.deploy("changed", files | {"main.py": worker("import idna", "3")})

    log = platform.api("GET", "/v1/functions/changed/revisions/2/build-log").text
    assert "dependencies unchanged" in log
    assert "1 packages resolved, 1 layers reused, 0 to install" in log
    assert platform.call("changed").text == "3"


def test_the_artifact_does_not_depend_on_the_machine(platform: Running, tmp_path: Path) -> None:
    files = {
        "pyproject.toml": project(["idna==3.10"]),
        "main.py": worker("import idna", "4"),
        "data/b.txt": "b",
    }
    deployed = platform.deploy("same", files)
    digests = {deployed["artifact"]["digest"]}  # type: ignore[index]
    for place, mask, zone in (("one", 0o022, "UTC"), ("two", 0o077, "Asia/Kathmandu")):
        folder = tmp_path / place / "project"
        for name, content in sorted(files.items(), reverse=place == "two"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(content)
        environment = os.environ | {"XDG_CACHE_HOME": str(tmp_path / place / "cache"), "TZ": zone}
        out = tmp_path / place / "out"
        built = subprocess.run(  # noqa: S603
            [str(ROOT / "hearth"), "build", str(folder), "--out", str(out), "--json"],
            env=environment,
            umask=mask,
            capture_output=True,
            text=True,
            check=False,
        )
        assert built.returncode == 0, built.stderr
        digests.add(json.loads(built.stdout)["artifact"])
        index = json.loads((out / "index.json").read_text())
        manifest = (out / "blobs/sha256" / index["manifests"][0]["digest"][7:]).read_bytes()
        assert "sha256:" + hashlib.sha256(manifest).hexdigest() in digests

    assert len(digests) == 1


def test_the_build_log_streams(platform: Running) -> None:
    files = {"pyproject.toml": project(["idna==3.10"]), "main.py": worker("import idna", "5")}
    platform.upload("streamed", files)
    headers = {"authorization": f"Bearer {platform.key}", "accept": "text/event-stream"}

    with platform.http.stream(
        "GET", "/v1/functions/streamed/revisions/1/build-log", headers=headers
    ) as stream:
        text = "".join(stream.iter_text())

    events = [block for block in text.split("\n\n") if block]
    states = [block for block in events if "event:state" in block]
    assert any("event:line" in block and "packages resolved" in block for block in events)
    assert '"live"' in states[-1]
    assert states[-1] == events[-1]
    as_text = hearth(platform, "build-log", "streamed").stdout
    assert "packages resolved" in as_text
    assert "event:" not in as_text


def test_two_uploads_of_the_same_content_are_built_once(platform: Running) -> None:
    files = {"pyproject.toml": project(["idna==3.10"]), "main.py": worker("import idna", "6")}
    first = platform.upload("once", files).headers["location"]

    second = platform.deploy("once", files)

    assert second["state"] == "live"
    logs = [platform.api("GET", f"/v1/functions/once/revisions/{number}/build-log").text for number in (1, 2)]
    assert sum("packages resolved" in log for log in logs) == 1, first
    assert sum("the same source was built before" in log for log in logs) == 1


def test_a_native_module_in_a_project_without_src(platform: Running) -> None:
    files = {
        "pyproject.toml": project(["pydantic-core"]),
        "main.py": worker(
            "import json\nfrom pydantic_core import from_json, to_json",
            "(to_json([1]).decode(), json.dumps(from_json('[true, 1]')))",
        ),
    }

    assert answer(platform, "speedy", files) == "('[1]', '[true, 1]')"


def test_native_modules_of_the_standard_library(platform: Running) -> None:
    code = """
import bz2, os, sqlite3
def kept(name):
    with sqlite3.connect(name) as database:
        database.execute("create table if not exists tea (grams)")
        return [*database.execute("select 40 + 2")], os.path.getsize(name) > 0
"""
    files = {
        "pyproject.toml": project([]),
        "main.py": worker(code, "(os.makedirs('/tmp/deep', exist_ok=True), kept('/tmp/deep/tea.db'))[1]"),
    }

    assert answer(platform, "standard", files) == "([(42,)], True)"


def test_a_dependency_without_a_usable_wheel_is_refused_with_advice(platform: Running) -> None:
    revision = platform.deploy(
        "native", {"pyproject.toml": project(["regex==2026.9.3"]), "main.py": worker("import regex", "1")}
    )

    assert revision["state"] == "failed"
    detail = revision["reason"]["detail"]  # type: ignore[index]
    assert "regex==2026.9.3" in detail
    assert "GraalPy" in detail
    assert "`cpython`, which is not available yet" in detail
    assert "wheelhouse add" not in detail, "no recipe is known to build it"
