"""Source distributions, build backends and computed metadata."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from conftest import tool
from index import sdist, serving
from projects import answer, from_index, project, report, worker

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Running

DOCOPT = worker("import docopt", "docopt.docopt('Usage: x NAME', ['tea'])['NAME']")


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("pyproject", {"pyproject.toml": project(["docopt"]), "main.py": DOCOPT}),
        (
            "requirements",
            {"requirements.txt": "docopt\n", "constraints.txt": "docopt<0.6.2\n", "main.py": DOCOPT},
        ),
        ("script", {"main.py": '# /// script\n# dependencies = ["docopt"]\n# ///\n' + DOCOPT}),
    ],
)
def test_a_release_without_a_wheel_is_built(platform: Running, name: str, files: dict[str, str]) -> None:
    assert answer(platform, f"source-{name}", files) == "tea"

    version = "0.6.1" if "constraints.txt" in files else "0.6.2"
    assert {p["name"]: p["version"] for p in report(platform, f"source-{name}")["packages"]} == {
        "docopt": version
    }


def setup_py(arguments: str) -> str:
    return f"import setuptools\nsetuptools.setup({arguments})"


def test_dependencies_of_a_source_distribution_are_installed(platform: Running) -> None:
    setup = setup_py("name='leaf', version='1', py_modules=['leaf'], install_requires=['six' + '==1.16.0']")
    code = "import six\nanswer = six.__version__\n"
    with serving({"leaf-1.tar.gz": sdist("leaf-1", {"setup.py": setup, "leaf.py": code})}) as url:
        files = {"pyproject.toml": from_index("leaf", url), "main.py": worker("import leaf", "leaf.answer")}

        assert answer(platform, "leaf", files) == "1.16.0"


def test_a_source_distribution_that_needs_a_compiler_is_refused(platform: Running) -> None:
    setup = setup_py("name='rock', version='1', ext_modules=[setuptools.Extension('rock', ['rock.c'])]")
    with serving({"rock-1.tar.gz": sdist("rock-1", {"setup.py": setup, "rock.c": "int x;"})}) as url:
        files = {"pyproject.toml": from_index("rock", url), "main.py": worker("import rock", "rock")}

        revision = platform.deploy("rock", files)

    assert revision["state"] == "failed"
    assert "rock==1 has only a source distribution" in revision["reason"]["detail"]  # type: ignore[index]
    assert "`cpython`, which is not available yet" in revision["reason"]["detail"]  # type: ignore[index]


def test_a_dynamic_version(platform: Running, tmp_path: Path) -> None:
    build = '[build-system]\nrequires = ["setuptools==80.9.0"]\nbuild-backend = "setuptools.build_meta"\n'
    attributes = 'version = {attr = "tea.__version__"}\ndependencies = {file = ["needs.txt"]}\n'
    dynamic = f"[tool.setuptools.dynamic]\n{attributes}"
    head = '[project]\nname = "tea"\nrequires-python = ">=3.11"\ndynamic = ["version", "dependencies"]\n'
    files = {
        "pyproject.toml": head + build + dynamic,
        "needs.txt": "six==1.16.0\n",
        "src/tea/__init__.py": "__version__ = '1.5'\n",
        "main.py": worker(
            "import importlib.metadata, six", "importlib.metadata.version('tea') + six.__version__"
        ),
    }
    assert answer(platform, "computed", files) == "1.51.16.0"

    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    subprocess.run([tool("uv"), "lock", "-q", "--python", sys.executable], cwd=tmp_path, check=True)  # noqa: S603
    lock = (tmp_path / "uv.lock").read_text()
    assert answer(platform, "computed-locked", files | {"uv.lock": lock}) == "1.51.16.0"

    stale = platform.deploy("computed-stale", files | {"uv.lock": lock, "needs.txt": "six==1.17.0\n"})
    assert stale["reason"]["code"] == "lock_stale"  # type: ignore[index]


def test_a_dynamic_version_with_groups_and_sources(platform: Running) -> None:
    settings = (
        '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'
        '[tool.setuptools.dynamic]\nversion = {attr = "tea.__version__"}\n'
        '[dependency-groups]\nprod = ["six==1.16.0"]\n[tool.hearth.build]\ngroups = ["prod"]\n'
        '[tool.uv.sources]\ncups-of-ours = {path = "libs/cups"}\n'
    )
    head = '[project]\nname = "tea"\nrequires-python = ">=3.12"\ndynamic = ["version"]\n'
    files = {
        "pyproject.toml": head + 'dependencies = ["cups-of-ours"]\n' + settings,
        "src/tea/__init__.py": "__version__ = '1.5'\n",
        "libs/cups/pyproject.toml": project([], settings.partition("[tool")[0], name="cups-of-ours"),
        "libs/cups/src/cups_of_ours/__init__.py": "CUPS = 3\n",
        "main.py": worker("import six, cups_of_ours, tea", "(tea.__version__, cups_of_ours.CUPS)"),
    }

    assert answer(platform, "computed-beside", files) == "('1.5', 3)"


ASKING = """
import pathlib
from setuptools import build_meta
from setuptools.build_meta import *

def get_requires_for_build_wheel(config_settings=None):
    print("what a backend prints is no requirement")
    return ["six==1.16.0"]

def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    import six
    pathlib.Path("src/asking/__init__.py").write_text(f"SIX = {six.__version__!r}")
    return build_meta.build_wheel(wheel_directory, config_settings, metadata_directory)
"""


def asking(backend: str) -> dict[str, str]:
    """Return a project whose build backend is in its own tree."""
    build = '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "own"\nbackend-path = ["tools"]\n'
    return {
        "pyproject.toml": project([], build, name="asking"),
        "tools/own.py": backend,
        "src/asking/__init__.py": "",
        "main.py": worker("import asking", "asking.SIX"),
    }


def test_a_backend_gets_the_packages_that_its_hook_asks_for(platform: Running) -> None:
    assert answer(platform, "asking", asking(ASKING)) == "1.16.0"

    greedy = platform.deploy("asking-file", asking(ASKING.replace("six==1.16.0", "-r /etc/passwd")))
    assert "-r /etc/passwd" in greedy["reason"]["detail"]  # type: ignore[index]


def test_an_old_setuptools_gets_the_packages_that_it_asks_for(platform: Running) -> None:
    build = '[build-system]\nrequires = ["setuptools==69.5.1"]\nbuild-backend = "setuptools.build_meta"\n'
    files = {
        "pyproject.toml": project([], build, name="old-tea"),
        "src/old_tea/__init__.py": "CUPS = 3\n",
        "main.py": worker("import old_tea", "old_tea.CUPS"),
    }

    assert answer(platform, "old-backend", files) == "3"


def test_native_modules_for_cpython_are_left_out(platform: Running) -> None:
    files = {
        "pyproject.toml": project(["msgpack"]),
        "main.py": worker("import msgpack", "msgpack.unpackb(msgpack.packb([1, 'a']))"),
    }

    assert answer(platform, "foreign", files) == "[1, 'a']"
    (package,) = report(platform, "foreign")["packages"]
    assert "native-code" in {rule["rule"] for rule in package["pruned"]}


def test_a_source_distribution_for_another_platform_is_not_built(platform: Running) -> None:
    setup = "raise SystemExit('Windows is needed')"
    with serving({"far-1.tar.gz": sdist("far-1", {"setup.py": setup})}) as url:
        here = from_index("far", url)
        elsewhere = here.replace('["far"]', "[\"far ; sys_platform == 'win32'\"]")
        main = {"main.py": worker("", "'here'")}

        assert answer(platform, "far", main | {"pyproject.toml": elsewhere}) == "here"
        revision = platform.deploy("far-here", main | {"pyproject.toml": here})

    assert "Windows is needed" in revision["reason"]["detail"]  # type: ignore[index]


def test_a_project_cannot_replace_a_release_for_others(platform: Running, tmp_path: Path) -> None:
    sources = '[tool.uv.sources]\nsniffio = [{ path = "evil", marker = "sys_platform != \'win32\'" }]\n'
    backend = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
    evil = project([], backend, name="sniffio").replace('version = "1.2"', 'version = "1.3.1"')
    files = {
        "pyproject.toml": project(["sniffio==1.3.1"], sources),
        "evil/pyproject.toml": evil,
        "evil/sniffio/__init__.py": "x = 'evil'\n",
        "main.py": worker("import sniffio", "sniffio.x"),
    }
    files = {name: text.replace(">=3.12", ">=3.11") for name, text in files.items()}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    subprocess.run([tool("uv"), "lock", "-q", "--python", sys.executable], cwd=tmp_path, check=True)  # noqa: S603
    # Sort the entries so that the one from the index is the last one of its name.
    head, *entries = (tmp_path / "uv.lock").read_text().split("[[package]]")
    entries.sort(key=lambda entry: "source = { registry" in entry)
    lock = "[[package]]".join([head, *entries])
    assert answer(platform, "poisoner", files | {"uv.lock": lock}) == "evil"

    victim = {
        "pyproject.toml": project(["sniffio==1.3.1 ; sys_platform == 'win32'"]),
        "main.py": worker("from importlib.util import find_spec", "find_spec('sniffio')"),
    }
    assert answer(platform, "victim", victim) == "None"
    assert report(platform, "victim")["packages"] == []
