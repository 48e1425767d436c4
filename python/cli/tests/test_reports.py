"""Content of artifacts, and the reports about it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from conftest import Running, await_condition
from projects import answer, project, report, worker
from test_platform import hearth

if TYPE_CHECKING:
    from pathlib import Path


def test_the_report_lists_what_was_shipped_and_why(platform: Running, tmp_path: Path) -> None:
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


def test_a_left_out_module_is_loaded_late_with_a_warning(platform: Running) -> None:
    code = worker(
        "import idna\nother = __import__('snif' + 'fio')\ncodec = __import__('idna.' + 'co' + 'dec')",
        "(other.__version__, codec.codec.__name__)",
    )
    files = {"pyproject.toml": project(["idna==3.10", "sniffio==1.3.1"]), "main.py": code}

    assert answer(platform, "late", files) == "('1.3.1', 'idna.codec')"

    assert {"sniffio", "idna.codec"} <= set(report(platform, "late")["lateModules"])
    assert "loaded late" in platform.logs("late")


def test_the_report_lists_modules_that_a_later_call_loads(platform: Running) -> None:
    code = worker("import sys", "__import__('snif' + 'fio').__version__ if 'x' in request.url else 'not yet'")
    files = {"pyproject.toml": project(["sniffio==1.3.1"]), "main.py": code}
    assert answer(platform, "later", files) == "not yet"
    assert report(platform, "later")["lateModules"] == []

    assert platform.api("GET", "/f/default/later/x").text == "1.3.1"

    await_condition(lambda: "sniffio" in report(platform, "later")["lateModules"], "the report to list it")


def test_a_tests_folder_that_the_code_imports_is_kept(platform: Running) -> None:
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


def test_data_files_of_the_project_are_kept(platform: Running) -> None:
    data = [
        "templates/tests/page.html",
        "content/docs/page.rst",
        "docs/index.md",
        "static/native.c",
        "data/tests/cases.json",
    ]
    files = {
        "pyproject.toml": project([]),
        "main.py": worker(
            "from pathlib import Path\nhere = Path(__file__).parent",
            f"[path for path in {data} if not (here / path).exists()]",
        ),
        **dict.fromkeys(data, ""),
    }

    assert answer(platform, "data", files) == "[]"
    assert report(platform, "data")["code"]["pruned"] == []


def test_metadata_of_a_left_out_package_is_available(platform: Running) -> None:
    # The name is composed, because the build treats a text with the name as an import.
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
