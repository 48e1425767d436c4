"""Private package indexes, and indexes and wheels that are not what they should be."""

from __future__ import annotations

import io
import os
import subprocess
import zipfile
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT, archive
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
    """Search what is there: files of a running platform come and go."""
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
    assert not files_with(b"s3cret-word", platform.data), "not even in the database"
    assert hearth(platform, "index", "logout", "127.0.0.1").returncode == 0
    assert platform.api("DELETE", "/v1/indexes/127.0.0.1").status_code == 404


def test_the_first_index_that_has_a_package_wins(platform: Running) -> None:
    first = {"twice-1.0-py3-none-any.whl": wheel("twice", "1.0", "WHICH = 'first'\n")}
    second = {
        "twice-2.0-py3-none-any.whl": wheel("twice", "2.0", "WHICH = 'second'\n"),
        "once-1.0-py3-none-any.whl": wheel("once", "1.0", "WHICH = 'second'\n"),
    }
    with serving(first) as one, serving(second) as two:
        indexes = f'[[tool.uv.index]]\nurl = "{one}"\n[[tool.uv.index]]\nname = "two"\nurl = "{two}"\n'
        code = worker("import once, twice", "twice.WHICH + once.WHICH")
        files = {"pyproject.toml": project(["twice", "once"], indexes), "main.py": code}
        assert answer(platform, "first-index", files) == "firstsecond"

        named = indexes + '[tool.uv.sources]\ntwice = { index = "two" }\n'
        files["pyproject.toml"] = project(["twice", "once"], named)
        assert answer(platform, "first-index", files) == "secondsecond"


def test_constraints_and_overrides(platform: Running) -> None:
    served = {
        "leaf-1.0-py3-none-any.whl": wheel("leaf", "1.0", "VERSION = 1\n"),
        "leaf-2.0-py3-none-any.whl": wheel("leaf", "2.0", "VERSION = 2\n"),
        "stem-1.0-py3-none-any.whl": wheel("stem", "1.0", "import leaf\n", requires="leaf>=2"),
    }
    with serving(served) as url:
        index = f'[[tool.uv.index]]\nurl = "{url}"\n'
        for table, asked, expected in (
            ("", ["leaf"], "2"),
            ('[tool.uv]\nconstraint-dependencies = ["leaf<2"]\n', ["leaf"], "1"),
            ('[tool.uv]\noverride-dependencies = ["leaf==1.0"]\n', ["stem"], "1"),
        ):
            files = {
                "pyproject.toml": project(asked, table + index),
                "main.py": worker("import leaf", "leaf.VERSION"),
            }
            assert answer(platform, "limits", files) == expected


def test_a_wheel_that_lies(platform: Running) -> None:
    good = wheel("liar", "1.0", "x = 1\n")
    with zipfile.ZipFile(io.BytesIO(good)) as packed:
        files = {name: packed.read(name).decode() for name in packed.namelist()}
    files["liar.py"] = "x = 2\n"
    with serving({"liar-1.0-py3-none-any.whl": archive(files)}) as url:
        revision = platform.deploy(
            "liar", {"pyproject.toml": from_index("liar", url), "main.py": worker("import liar", "1")}
        )

    assert revision["state"] == "failed"
    assert "liar.py" in revision["reason"]["detail"]  # type: ignore[index]
    assert "RECORD" in revision["reason"]["detail"]  # type: ignore[index]


def test_a_wheel_puts_no_files_over_those_of_another(platform: Running) -> None:
    good = wheel("tea", "1.0", "KIND = 'oolong'\n")
    with zipfile.ZipFile(io.BytesIO(wheel("evil", "1.0", "x = 1\n"))) as packed:
        evil = {name: packed.read(name).decode() for name in packed.namelist()}
    # Its RECORD does not list them: uv takes them all the same.
    with zipfile.ZipFile(io.BytesIO(wheel("tea", "1.0", "KIND = 'poison'\n"))) as packed:
        evil |= {name: packed.read(name).decode() for name in packed.namelist()}
    with serving({"tea-1.0-py3-none-any.whl": good, "evil-1.0-py3-none-any.whl": archive(evil)}) as url:
        index = f'[[tool.uv.index]]\nurl = "{url}"\ndefault = true\n'
        main = worker("import tea", "tea.KIND")
        both = {"pyproject.toml": project(["tea", "evil"], index), "main.py": main}
        platform.deploy("poisoned", both)
        alone = both | {"pyproject.toml": project(["tea"], index)}

        assert answer(platform, "unpoisoned", alone) == "oolong"


def test_a_wheel_with_metadata_of_another_encoding(platform: Running) -> None:
    good = wheel("oldlib", "1.0", "x = 1\n")
    rewritten = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as packed, zipfile.ZipFile(rewritten, "w") as target:
        for name in packed.namelist():
            content = packed.read(name)
            if name.endswith("METADATA"):
                content += "Author: José\nLicense: MIT\n".encode("latin-1")
            if name.endswith("RECORD"):
                content = b"oldlib.py,,\noldlib-1.0.dist-info/METADATA,,\noldlib-1.0.dist-info/WHEEL,,\n"
            target.writestr(name, content)
    with serving({"oldlib-1.0-py3-none-any.whl": rewritten.getvalue()}) as url:
        files = {"pyproject.toml": from_index("oldlib", url), "main.py": worker("import oldlib", "oldlib.x")}
        assert answer(platform, "oldlib", files) == "1"


@pytest.mark.parametrize(
    ("served", "part"),
    [
        ({"junk-1.0-py3-none-any.whl": b"no wheel at all"}, "junk"),
        ({"junk-one-py3-none-any.whl": b""}, "junk"),
    ],
    ids=["wheel", "version"],
)
def test_an_index_with_garbage(platform: Running, served: dict[str, bytes], part: str) -> None:
    with serving(served) as url:
        revision = platform.deploy(
            "junk", {"pyproject.toml": from_index("junk", url), "main.py": worker("import junk", "1")}
        )

    assert revision["state"] == "failed"
    assert revision["reason"]["code"] in {"dependency_unresolved", "dependency_uninstallable"}  # type: ignore[index]
    assert part in revision["reason"]["detail"]  # type: ignore[index]


class Garbage(BaseHTTPRequestHandler):
    """Answers what is no index."""

    def do_GET(self) -> None:
        """Answer."""
        self.send_response(200)
        self.send_header("content-type", "application/vnd.pypi.simple.v1+json")
        self.end_headers()
        self.wfile.write(b"\xff\x00{" * 1000)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_an_index_that_is_none(platform: Running) -> None:
    with answering(Garbage) as url:
        revision = platform.deploy(
            "none", {"pyproject.toml": from_index("tea", url), "main.py": worker("import tea", "1")}
        )

    assert revision["state"] == "failed"
    assert revision["reason"]["code"] == "dependency_unresolved"  # type: ignore[index]
    assert url in revision["reason"]["detail"]  # type: ignore[index]


class Slow(BaseHTTPRequestHandler):
    """An index that never comes to the end of its answer."""

    def do_GET(self) -> None:
        """Answer a byte at a time."""
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        try:
            while not self.server.ended.wait(0.2):  # type: ignore[attr-defined]
                self.wfile.write(b" ")
        except OSError:
            return

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_an_index_that_answers_slowly(platform: Running) -> None:
    with answering(Slow) as url:
        revision = platform.deploy(
            "slow", {"pyproject.toml": from_index("tea", url), "main.py": worker("", "1")}
        )

    assert revision["state"] == "failed"
    assert "slowly" in revision["reason"]["detail"]  # type: ignore[index]


def built_by(operator: str, dependency: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Build where the operator has set an index with a login, and nothing is known of it."""
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
def test_an_operators_login_is_for_the_index_alone(tmp_path: Path, login: str) -> None:
    asked: list[str] = []

    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Offer a wheel that asks for what would carry the login away."""
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
            """Say nothing."""

    with serving({"secretlib-1.0-py3-none-any.whl": wheel("secretlib", "1.0", "")}, login) as index:
        operator = index.replace("//", f"//{login.removesuffix(':')}@")
        own = built_by(operator, "secretlib", tmp_path / "own")
        assert own.returncode == 0, own.stderr
        with answering(Elsewhere) as url:
            others = built_by(operator, f"tea @ {url}/tea-1.0-py3-none-any.whl", tmp_path / "others")

    assert any("/milk" in request for request in asked), others.stderr
    secrets = login.partition(":")[0], "unsaid.example"
    assert not any(secret in request for request in asked for secret in secrets)
