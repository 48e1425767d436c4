"""Private package indexes, and hostile indexes that try to learn a login."""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT
from index import answering, serving, wheel
from projects import answer, from_index, project, report, worker
from test_platform import hearth

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Running


@pytest.fixture
def private_index() -> Iterator[str]:
    files = {"secretlib-1.0-py3-none-any.whl": wheel("secretlib", "1.0", "WHO = 'private'\n")}
    with serving(files, login="me:s3cret-word") as url:
        yield url


def files_with(secret: bytes, folder: Path) -> list[Path]:
    """Return the files that contain a secret. Files may vanish meanwhile, because the platform runs."""
    found = []
    for at, _, names in os.walk(folder):
        for name in names:
            file = Path(at, name)
            with suppress(FileNotFoundError):
                if file.is_file() and secret in file.read_bytes():
                    found.append(file)
    return found


def test_a_private_index(platform: Running, private_index: str) -> None:
    files = {
        "pyproject.toml": from_index("secretlib", private_index),
        "main.py": worker("import secretlib", "secretlib.WHO"),
    }
    refused = platform.deploy("private", files)
    assert refused["state"] == "failed"
    assert "hearth index login" in refused["reason"]["detail"]  # type: ignore[index]

    login = subprocess.run(  # noqa: S603
        [str(ROOT / "hearth"), "index", "login", "127.0.0.1", "--username", "me"],
        env=os.environ | {"HEARTH_DATA": str(platform.data)},
        input="s3cret-word\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert login.returncode == 0, login.stderr
    assert answer(platform, "private", files) == "private"

    listed = platform.api("GET", "/v1/indexes")
    assert listed.json() == {"indexes": [{"host": "127.0.0.1", "username": "me"}]}
    everywhere = [
        listed.text,
        platform.api("GET", "/v1/functions/private").text,
        str(report(platform, "private", 2)),
    ]
    everywhere += [
        platform.api("GET", f"/v1/functions/private/revisions/{number}/build-log").text for number in (1, 2)
    ]
    everywhere.append((platform.data / "hearth.log").read_text())
    assert not [text for text in everywhere if "s3cret-word" in text]
    assert not files_with(b"s3cret-word", platform.data), "the password is stored in plain text"
    assert hearth(platform, "index", "logout", "127.0.0.1").returncode == 0
    assert platform.api("DELETE", "/v1/indexes/127.0.0.1").status_code == 404


def built_by(operator: str, dependency: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Build without a platform where the operator's index has a login in its address."""
    folder.mkdir()
    (folder / "pyproject.toml").write_text(project([dependency]))
    (folder / "main.py").write_text(worker(f"import {dependency.partition(' ')[0]}", "1"))
    return subprocess.run(  # noqa: S603
        [str(ROOT / "hearth"), "build", str(folder), "--out", str(folder / "out")],
        env=os.environ
        | {
            "UV_EXTRA_INDEX_URL": operator,
            "no_proxy": "unsaid.example",
            "XDG_CACHE_HOME": str(folder.parent / "cache"),
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("login", ["operator:s3cret-word", "t0ken:"])
@pytest.mark.platform
def test_the_operators_login_is_sent_to_its_index_only(tmp_path: Path, login: str) -> None:
    asked: list[str] = []

    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Offer a wheel whose dependency's address has variables with the login."""
            asked.append(self.path + str(self.headers))
            variables = "v=${UV_EXTRA_INDEX_URL}&w=${no_proxy}"
            address = f"http://{self.headers['host']}/milk-1.0-py3-none-any.whl?{variables}"
            body = wheel("tea", "1.0", "", requires=f"milk @ {address}")
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        do_HEAD = do_GET  # noqa: N815 - the base class names it

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    with serving({"secretlib-1.0-py3-none-any.whl": wheel("secretlib", "1.0", "")}, login) as index:
        operator = index.replace("//", f"//{login.removesuffix(':')}@")
        own = built_by(operator, "secretlib", tmp_path / "own")
        assert own.returncode == 0, own.stderr
        with answering(Elsewhere) as url:
            others = built_by(operator, f"tea @ {url}/tea-1.0-py3-none-any.whl", tmp_path / "others")

    assert any("/milk" in request for request in asked), others.stderr
    secrets = login.partition(":")[0], "unsaid.example"
    assert not any(secret in request for request in asked for secret in secrets)
