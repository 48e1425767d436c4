"""Builds of every kind of project, through REST and through the CLI."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT, Running, await_condition, tool
from projects import answer, project, report, worker
from test_platform import hearth

if TYPE_CHECKING:
    from pathlib import Path


def test_requirements_without_pyproject(platform: Running) -> None:
    files = {"requirements.txt": "idna==3.10\n", "main.py": worker("import idna", "idna.__version__")}

    assert answer(platform, "requirements", files) == "3.10"
    log = platform.api("GET", "/v1/functions/requirements/revisions/1/build-log").text
    assert "no pyproject.toml: taking requirements.txt" in log


def test_requirements_include_others_and_are_limited(platform: Running) -> None:
    files = {
        "requirements.txt": "-r requirements/base.in\n",
        "requirements/base.in": "-c limits.txt\nsix\n",
        "requirements/limits.txt": "six==1.15.0\n",
        "main.py": worker("import six", "six.__version__"),
    }
    assert answer(platform, "included", files) == "1.15.0"

    # What was resolved before is not taken again: a file that counts has changed.
    revision = platform.deploy("included", files | {"requirements/limits.txt": "six==1.16.0\n"})
    assert revision["state"] == "live", revision
    assert platform.call("included").text == "1.16.0"


def test_hashes_of_requirements_are_compared(platform: Running) -> None:
    main = {"main.py": worker("import six", "six.__version__")}
    good = "six==1.17.0 --hash=sha256:4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274\n"
    assert answer(platform, "hashed", main | {"requirements.txt": good}) == "1.17.0"

    wrong = platform.deploy("hashed-wrong", main | {"requirements.txt": good.replace("4721", "0000")})
    assert wrong["state"] == "failed"
    assert "No file of six==1.17.0 has a hash" in wrong["reason"]["detail"]  # type: ignore[index]


def test_dependencies_that_are_computed_are_computed_anew(platform: Running) -> None:
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


def test_a_script_with_metadata_of_its_own(platform: Running, tmp_path: Path) -> None:
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
def test_a_project_that_is_a_package(platform: Running, backend: str, requires: str) -> None:
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


def test_the_same_source_is_built_once(platform: Running) -> None:
    files = {"pyproject.toml": project(["idna==3.10"]), "main.py": worker("import idna", "1")}
    first = platform.deploy("twice", files)

    second = platform.deploy("twice", files)

    assert second["artifact"] == first["artifact"]
    log = platform.api("GET", "/v1/functions/twice/revisions/2/build-log").text
    assert "the same source was built before" in log


def test_a_change_of_code_alone_takes_every_layer_again(platform: Running) -> None:
    files = {"pyproject.toml": project(["idna==3.10"]), "main.py": worker("import idna", "2")}
    platform.deploy("changed", files)

    platform.deploy("changed", files | {"main.py": worker("import idna", "3")})

    log = platform.api("GET", "/v1/functions/changed/revisions/2/build-log").text
    assert "dependencies unchanged" in log
    assert "1 packages resolved, 1 layers reused, 0 to install" in log
    assert platform.call("changed").text == "3"


def test_the_report_tells_what_was_shipped_and_why(platform: Running, tmp_path: Path) -> None:
    files = {
        "pyproject.toml": project(["idna==3.10", "sniffio==1.3.1"]),
        "main.py": worker("from idna import core", "core.__name__"),
    }
    assert answer(platform, "reported", files) == "idna.core"

    shown = report(platform, "reported")

    packages = {package["name"]: package for package in shown["packages"]}
    assert packages["idna"]["reached"]
    assert packages["idna"]["modules"]["idna.core"] == "main"
    assert shown["code"]["modules"] == {"main": "entry"}
    assert "idna.codec" in packages["idna"]["leftOut"]
    assert packages["idna"]["chain"] == "x → idna"
    assert not packages["sniffio"]["reached"]
    assert shown["sizes"]["artifact"] < shown["sizes"]["pruned"] < shown["sizes"]["whole"]
    assert shown["sizes"]["compressed"] < shown["sizes"]["wholeCompressed"] < shown["sizes"]["whole"]
    assert {rule["rule"] for rule in shown["pruned"]} >= {"installer", "stubs"}
    sbom = shown["sbom"]
    assert (sbom["bomFormat"], sbom["specVersion"]) == ("CycloneDX", "1.6")
    assert {"pkg:pypi/idna@3.10", "pkg:pypi/sniffio@1.3.1"} == {one["purl"] for one in sbom["components"]}
    page = tmp_path / "report.html"
    assert hearth(platform, "report", "reported", "--html", str(page)).returncode == 0
    assert "<h2>What was left out</h2>" in page.read_text()
    assert "idna" in hearth(platform, "report", "reported").stdout
    why = hearth(platform, "report", "reported", "--why", "idna.core").stdout
    assert why == "entry → main → idna.core\n"
    assert "left out" in hearth(platform, "report", "reported", "--why", "idna.codec").stdout
    assert "no module of this build" in hearth(platform, "report", "reported", "--why", "nothing").stderr
    assert json.loads(hearth(platform, "report", "reported", "1", "--json").stdout) == shown


def test_what_was_left_out_is_loaded_late_with_a_warning(platform: Running) -> None:
    code = worker(
        "import idna\nother = __import__('snif' + 'fio')\ncodec = __import__('idna.' + 'co' + 'dec')",
        "(other.__version__, codec.codec.__name__)",
    )
    files = {"pyproject.toml": project(["idna==3.10", "sniffio==1.3.1"]), "main.py": code}

    assert answer(platform, "late", files) == "('1.3.1', 'idna.codec')"

    assert {"sniffio", "idna.codec"} <= set(report(platform, "late")["lateModules"])
    assert "loaded late" in platform.logs("late")


def test_what_a_later_call_needs_is_in_the_report_too(platform: Running) -> None:
    code = worker("import sys", "__import__('snif' + 'fio').__version__ if 'x' in request.url else 'not yet'")
    files = {"pyproject.toml": project(["sniffio==1.3.1"]), "main.py": code}
    assert answer(platform, "later", files) == "not yet"
    assert report(platform, "later")["lateModules"] == []

    assert platform.api("GET", "/f/default/later/x").text == "1.3.1"

    await_condition(lambda: "sniffio" in report(platform, "later")["lateModules"], "the report to say it")


def test_a_folder_of_tests_that_the_function_imports_is_kept(platform: Running) -> None:
    files = {
        "pyproject.toml": project([]),
        "main.py": worker(
            "import importlib\nfrom tests.cups import CUPS", "importlib.import_module(CUPS).HOW_MANY"
        ),
        "tests/__init__.py": "",
        "tests/cups.py": "CUPS = 'app.test.cups'",
        "tests/conftest.py": "",
        "app/test/cups.py": "HOW_MANY = 3",
        "app/test/test_cups.py": "",
        "app/tests/test_other.py": "",
    }

    assert answer(platform, "tests", files) == "3"

    pruned = {each["rule"]: each["files"] for each in report(platform, "tests")["code"]["pruned"]}
    assert pruned == {"tests": 2}


def test_metadata_of_what_was_left_out_is_there(platform: Running) -> None:
    # A text that is its name would be taken for an import of it.
    code = worker(
        "from importlib import metadata\nname = 'uvi' + 'corn'",
        "(metadata.version(name), metadata.metadata(name)['Name'], "
        "name in {found.name for found in metadata.distributions()}, "
        "[point.value for point in metadata.distribution(name).entry_points])",
    )
    files = {"pyproject.toml": project(["uvicorn==0.34.0"]), "main.py": code}

    assert answer(platform, "metadata", files) == "('0.34.0', 'uvicorn', True, ['uvicorn.main:main'])"

    packages = {package["name"]: package for package in report(platform, "metadata")["packages"]}
    assert not packages["uvicorn"]["reached"]


def test_keep_and_drop(platform: Running) -> None:
    settings = '[tool.hearth.build]\nkeep = ["sniffio"]\ndrop = ["data/**"]\n'
    files = {
        "pyproject.toml": project(["sniffio==1.3.1"], settings),
        "main.py": worker("import os", "os.listdir(os.path.dirname(__file__))"),
        "data/large.bin": "x",
    }

    assert "data" not in answer(platform, "kept", files)
    assert report(platform, "kept")["packages"][0]["reached"]


def test_the_artifact_is_the_same_anywhere(platform: Running, tmp_path: Path) -> None:
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


def test_two_builds_of_one_content_do_the_work_once(platform: Running) -> None:
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
        "main.py": worker("from pydantic_core import to_json", "to_json([1]).decode()"),
    }

    assert answer(platform, "speedy", files) == "[1]"


def test_the_native_part_of_the_standard_library(platform: Running) -> None:
    files = {
        "pyproject.toml": project([]),
        "main.py": worker("import bz2, sqlite3", "[*sqlite3.connect(':memory:').execute('select 40 + 2')]"),
    }

    assert answer(platform, "standard", files) == "[(42,)]"


def test_a_dependency_without_a_usable_wheel(platform: Running) -> None:
    revision = platform.deploy(
        "native", {"pyproject.toml": project(["regex==2026.9.3"]), "main.py": worker("import regex", "1")}
    )

    assert revision["state"] == "failed"
    detail = revision["reason"]["detail"]  # type: ignore[index]
    assert "regex==2026.9.3" in detail
    assert "GraalPy" in detail
    assert "wheelhouse add" in detail
