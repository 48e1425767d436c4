"""Members of uv workspaces, deployed from the root and from their own folders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projects import answer, project, worker
from test_platform import hearth

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Running


def test_a_member_of_a_workspace_with_groups_and_extras(platform: Running) -> None:
    files = {
        "pyproject.toml": project(
            [],
            '[tool.uv.workspace]\nmembers = ["packages/*"]\n'
            '[tool.hearth.build]\npackage = "app"\ngroups = ["more"]\nextras = ["names"]\n',
            name="root",
        ),
        "packages/app/pyproject.toml": project(
            ["lib"],
            '[tool.uv.sources]\nlib = { workspace = true }\n[dependency-groups]\nmore = ["sniffio==1.3.1"]\n'
            '[project.optional-dependencies]\nnames = ["idna==3.10"]\n',
            name="app",
        ),
        "packages/app/main.py": worker(
            "import idna, lib, sniffio", "(lib.WHO, idna.__version__, sniffio.__version__)"
        ),
        "packages/lib/pyproject.toml": project(
            [], '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n', name="lib"
        ),
        "packages/lib/src/lib/__init__.py": "WHO = 'library'\n",
    }

    assert answer(platform, "member", files) == "('library', '3.10', '1.3.1')"


def test_a_member_of_a_workspace_is_deployed_from_its_own_folder(platform: Running, tmp_path: Path) -> None:
    files = {
        "pyproject.toml": '[tool.uv.workspace]\nmembers = ["packages/*"]\n',
        "packages/app/pyproject.toml": project(
            ["lib"],
            "[tool.uv.sources]\nlib = { workspace = true }\n[tool.hearth.env]\nWHO = 'me'\n"
            '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n',
            name="member-app",
        ),
        "packages/app/src/member_app/__init__.py": "",
        "packages/app/src/member_app/worker.py": worker(
            "import lib, os\nfrom importlib.metadata import version",
            "(lib.WHO, os.environ['WHO'], version('member-app'))",
        ),
        "packages/lib/pyproject.toml": project(
            [], '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n', name="lib"
        ),
        "packages/lib/src/lib/__init__.py": "WHO = 'library'\n",
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)

    deployed = hearth(platform, "deploy", str(tmp_path / "packages" / "app"))

    assert deployed.returncode == 0, deployed.stderr
    assert platform.call("member-app").text == "('library', 'me', '1.2')"
    alone = platform.deploy("whole", {"pyproject.toml": files["pyproject.toml"]})
    assert "Deploy one of its members" in alone["reason"]["detail"]  # type: ignore[index]


def test_members_that_depend_on_each_other(platform: Running) -> None:
    backend = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
    files = {
        "pyproject.toml": '[tool.uv.workspace]\nmembers = ["packages/*"]\n'
        '[tool.hearth.build]\npackage = "one"\n',
        "packages/one/pyproject.toml": project(
            ["two"], f"[tool.uv.sources]\ntwo = {{ workspace = true }}\n{backend}", name="one"
        ),
        "packages/one/src/one/__init__.py": "WHO = 'one'\n",
        "packages/one/src/one/worker.py": worker("import two", "two.WHO"),
        "packages/two/pyproject.toml": project(
            ["one"], f"[tool.uv.sources]\none = {{ workspace = true }}\n{backend}", name="two"
        ),
        "packages/two/src/two/__init__.py": "from one import WHO\n",
    }

    assert answer(platform, "cycle", files) == "one"
