"""Builds of an untrusted tenant: they must not see other tenants or files of the machine."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING

import pg8000.native
import pytest
from conftest import archive, await_condition
from index import serving, wheel
from projects import HELLO, project, report

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Running

KEY = "the-key-of-another-tenant-0123456789"
CANARY = "Canary-of-somebody-else"


@pytest.fixture(scope="module", autouse=True)
def other(platform: Running) -> None:
    """Add a tenant that the operator does not trust."""
    lines = (platform.data / "postgres" / "data" / "postmaster.pid").read_text().splitlines()
    database = pg8000.native.Connection("postgres", host="127.0.0.1", port=int(lines[3]))
    digest = hashlib.sha256(KEY.encode()).hexdigest()
    database.run("INSERT INTO api.tenant (name, key_sha256) VALUES ('other', :digest)", digest=digest)
    database.close()


def deploy(platform: Running, name: str, files: dict[str, str]) -> tuple[dict[str, object], str]:
    """Deploy as the other tenant; return the revision, and everything that the tenant can read about it."""
    headers = {"authorization": f"Bearer {KEY}"}
    accepted = platform.http.post(f"/v1/functions/{name}/revisions", content=archive(files), headers=headers)
    assert accepted.status_code == 202, accepted.text
    revision: dict[str, object] = {}

    def ended() -> bool:
        revision.update(platform.http.get(accepted.headers["location"], headers=headers).json())
        return revision["state"] in {"live", "failed"}

    def log() -> str:
        return platform.http.get(accepted.headers["location"] + "/build-log", headers=headers).text

    await_condition(ended, "the end of the build", 600)
    # The lines of a log take another way than the state of its revision.
    await_condition(
        lambda: re.search(r"^\S+ (failed:|packed) ", log(), re.MULTILINE) is not None,
        "the end of the build's log",
    )
    return revision, log() + str(revision)


# Lines that try to open a file, and the file that an upload needs if the whole line is read as a name.
OPENING = {
    "an option": ("-r {file}", ""),
    "a line separator": ("-r {file} #\u2028x", ""),
    "a byte order mark": ("\ufeff-r {file}", ""),
    "an address": ("-r file://{file}", "file:{file}"),
    "a constraint": ("-c file://{file}\nidna", "file:{file}"),
    "quotes": ('-r "{file}"', '"{file}"'),
    "a variable": ("-r ${{NO_PROXY}}{file}", "${{NO_PROXY}}{file}"),
    "a requirement": ("file://{file}", ""),
    "a name": ("idna @ file://{file}", ""),
    "a folder": ("-e {file}", ""),
}


@pytest.mark.parametrize(("line", "beside"), OPENING.values(), ids=OPENING.keys())
def test_requirements_cannot_open_files_of_the_machine(
    platform: Running, tmp_path: Path, line: str, beside: str
) -> None:
    canary = tmp_path / "canary"
    canary.write_text(f"machine index.example login me password {CANARY}\n")
    files = {"requirements.txt": line.format(file=canary) + "\n", "main.py": HELLO}
    if beside:
        files[beside.format(file=canary)] = "idna\n"

    revision, told = deploy(platform, "reader", files)

    assert revision["state"] == ("live" if beside else "failed")
    assert CANARY not in told


@pytest.mark.parametrize(
    "requires", ['"-r {file}"', '"--find-links={file}"', '"idna @ file://{file}"', '"idna\\n-r {file}"']
)
def test_build_requirements_cannot_open_files_of_the_machine(
    platform: Running, tmp_path: Path, requires: str
) -> None:
    canary = tmp_path / "canary"
    canary.write_text(f"machine index.example login me password {CANARY}\n")
    build = f'[build-system]\nrequires = [{requires.format(file=canary)}]\nbuild-backend = "b"\n'

    revision, told = deploy(platform, "backend", {"pyproject.toml": project([], build), "main.py": HELLO})

    assert revision["state"] == "failed"
    assert CANARY not in told


def test_uv_sees_only_the_files_of_its_build(platform: Running, tmp_path: Path) -> None:
    beside = tmp_path / "beside"
    beside.mkdir()
    (beside / "pyproject.toml").write_text(project(["asked-for-beside"], name=CANARY.lower()))
    up = "../" * 30
    for members in (f"{up}{tmp_path}/*", "../*", "../../*", "../../*/source", f"{beside}"):
        source = f"[tool.uv.sources]\n{CANARY.lower()} = {{ workspace = true }}\n"
        files = {
            "pyproject.toml": project(
                [CANARY.lower()], f"[tool.uv.workspace]\nmembers = {json.dumps([members])}\n{source}"
            ),
            "main.py": HELLO,
        }

        revision, told = deploy(platform, "member", files)

        assert revision["state"] == "failed"
        assert "asked-for-beside" not in told


def test_variables_of_the_operator_are_not_inserted(platform: Running) -> None:
    files = {"pyproject.toml": project(["idna @ https://index.example/${PATH}/idna.whl"]), "main.py": HELLO}

    revision, told = deploy(platform, "variable", files)

    assert "has a variable in" in str(revision["reason"])
    assert "/usr/bin" not in told


def test_layers_from_a_private_index_stay_with_the_tenant(platform: Running) -> None:
    content = wheel("privatelib", "1.0", "WHO = 'private'\n")
    name = "privatelib-1.0-py3-none-any.whl"
    with serving({name: content}) as url:
        digest = hashlib.sha256(content).hexdigest()
        file = f'{{ name = "{name}", url = "{url}/{name}", hashes = {{ sha256 = "{digest}" }} }}'
        lock = (
            'lock-version = "1.0"\ncreated-by = "a test"\n[[packages]]\nname = "privatelib"\n'
            f'version = "1.0"\nindex = "{url}"\nwheels = [{file}]\n'
        )
        files = {
            "pyproject.toml": project(["privatelib"]),
            "pylock.toml": lock,
            "main.py": "import privatelib\n" + HELLO,
        }
        mine = platform.deploy("private-layer", files)
        assert mine["state"] == "live", mine

        theirs, told = deploy(platform, "private-layer", files)

        assert theirs["state"] == "failed", told
        assert "0 layers reused" in told
        again = platform.deploy("private-again", {**files, "other.py": ""})
        assert again["state"] == "live", again
        packages = report(platform, "private-again")["packages"]
        assert [package["reused"] for package in packages] == [True]
