"""Builds of every kind of project, through REST and through the CLI."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import subprocess
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from conftest import ROOT, Running, archive
from test_platform import hearth

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WORKER = """
from workers import Response, WorkerEntrypoint
{imports}
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return Response(str({answer}))
"""


def worker(imports: str, answer: str) -> str:
    return WORKER.format(imports=imports, answer=answer)


def project(dependencies: list[str], extra: str = "", name: str = "x") -> str:
    listed = json.dumps(dependencies)
    head = (
        f'[project]\nname = "{name}"\ndescription = "A test."\nversion = "1.2"\nrequires-python = ">=3.12"\n'
    )
    return f"{head}dependencies = {listed}\n{extra}"


def from_index(name: str, url: str) -> str:
    index = f'[[tool.uv.index]]\nname = "own"\nurl = "{url}"\nexplicit = true\n'
    return project([name], index + f'[tool.uv.sources]\n{name} = {{ index = "own" }}\n')


def answer(platform: Running, name: str, files: dict[str, str]) -> str:
    revision = platform.deploy(name, files)
    assert revision["state"] == "live", revision.get("reason")
    return platform.call(name).text


def report(platform: Running, name: str, number: int = 1) -> dict[str, Any]:
    return platform.api("GET", f"/v1/functions/{name}/revisions/{number}/report").json()


def test_requirements_without_pyproject(platform: Running) -> None:
    files = {"requirements.txt": "idna==3.10\n", "main.py": worker("import idna", "idna.__version__")}

    assert answer(platform, "requirements", files) == "3.10"
    log = platform.api("GET", "/v1/functions/requirements/revisions/1/build-log").text
    assert "no pyproject.toml: taking requirements.txt" in log


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


def uv(platform: Running, folder: Path, *arguments: str) -> None:
    found = ROOT / ".hearth-tools" / "uv" / "bin" / "uv"
    command = [str(found) if found.exists() else "uv", *arguments]
    python = platform.data / "build" / "interpreter" / "bin" / "graalpy"
    subprocess.run([*command, "--python", str(python)], cwd=folder, check=True, capture_output=True)  # noqa: S603


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
    assert "idna.codec" in packages["idna"]["leftOut"]
    assert packages["idna"]["chain"] == "x → idna"
    assert not packages["sniffio"]["reached"]
    assert shown["sizes"]["artifact"] < shown["sizes"]["pruned"] < shown["sizes"]["whole"]
    assert {rule["rule"] for rule in shown["pruned"]} >= {"installer", "stubs"}
    sbom = shown["sbom"]
    assert (sbom["bomFormat"], sbom["specVersion"]) == ("CycloneDX", "1.6")
    assert {"pkg:pypi/idna@3.10", "pkg:pypi/sniffio@1.3.1"} == {one["purl"] for one in sbom["components"]}
    page = tmp_path / "report.html"
    assert hearth(platform, "report", "reported", "--html", str(page)).returncode == 0
    assert "<h2>What was left out</h2>" in page.read_text()
    assert "idna" in hearth(platform, "report", "reported").stdout
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


def wheel(name: str, version: str, code: str) -> bytes:
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": code,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    listed = [f"{path},sha256={_hash(text.encode())},{len(text)}" for path, text in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*listed, f"{info}/RECORD,,"]) + "\n"
    return archive(files)


def _hash(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


class Index(BaseHTTPRequestHandler):
    """A package index that wants a login."""

    wheels: dict[str, bytes]

    def do_GET(self) -> None:
        """Answer."""
        expected = "Basic " + base64.b64encode(b"me:s3cret-word").decode()
        name = self.path.rstrip("/").rpartition("/")[2]
        if self.headers.get("authorization") != expected:
            self._send(401, b"", {"www-authenticate": "Basic"})
        elif name in self.wheels:
            self._send(200, self.wheels[name], {"content-type": "application/octet-stream"})
        else:
            found = [file for file in self.wheels if file.startswith(f"{name.replace('-', '_')}-")]
            links = "".join(
                f'<a href="/files/{file}#sha256={hashlib.sha256(self.wheels[file]).hexdigest()}">{file}</a>'
                for file in found
            )
            self._send(200 if found else 404, links.encode(), {"content-type": "text/html"})

    do_HEAD = do_GET  # noqa: N815 - the base class names it

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def private_index() -> Iterator[str]:
    class Own(Index):
        wheels = {"secretlib-1.0-py3-none-any.whl": wheel("secretlib", "1.0", "WHO = 'private'\n")}  # noqa: RUF012

    server = ThreadingHTTPServer(("127.0.0.1", 0), Own)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/simple"
    server.shutdown()


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
    left = [
        file
        for file in (platform.data / "node").rglob("*")
        if file.is_file() and b"s3cret-word" in file.read_bytes()
    ]
    assert not left
    assert hearth(platform, "index", "logout", "127.0.0.1").returncode == 0
    assert platform.api("DELETE", "/v1/indexes/127.0.0.1").status_code == 404


BACKEND = """
def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    {body}
"""


def hostile(body: str) -> dict[str, str]:
    settings = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    return {
        "pyproject.toml": project([], settings),
        "backend.py": BACKEND.format(body=body),
        "main.py": worker("", "1"),
    }


@pytest.mark.parametrize(
    ("name", "body", "part"),
    [
        ("network", "import urllib.request as u; u.urlopen('http://127.0.0.1:1/', timeout=5)", "failed"),
        ("secrets", "import os; raise SystemExit(repr(dict(os.environ)))", "failed"),
        ("files", "open('/etc/shadow').read()", "No such file"),
        (
            "disk",
            "f = open('/tmp/x', 'wb'); [f.write(bytes(1 << 20)) for _ in range(20000)]",
            "No space left",
        ),
        ("output", "[print('x' * 1000) for _ in range(100000)]", "output limit"),
        ("hang", "import time; time.sleep(1000)", "time limit of 20 s"),
        ("forks", "import os; [os.fork() for _ in range(1000)]", "The build of the project"),
        ("memory", "x = [bytes(1 << 20) for _ in range(100000)]", "MemoryError"),
    ],
)
def test_a_hostile_backend_is_ended(platform: Running, name: str, body: str, part: str) -> None:
    revision = platform.deploy(f"hostile-{name}", hostile(body))

    assert revision["state"] == "failed"
    reason = revision["reason"]["detail"]  # type: ignore[index]
    assert part in reason
    assert "HEARTH" not in reason
    assert str(platform.data) not in reason


def test_a_wheel_that_lies(platform: Running) -> None:
    good = wheel("liar", "1.0", "x = 1\n")
    with zipfile.ZipFile(io.BytesIO(good)) as packed:
        files = {name: packed.read(name).decode() for name in packed.namelist()}
    files["liar.py"] = "x = 2\n"

    class Own(Index):
        wheels = {"liar-1.0-py3-none-any.whl": archive(files)}  # noqa: RUF012

    server = ThreadingHTTPServer(("127.0.0.1", 0), Own)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/simple"
    platform.api("PUT", "/v1/indexes/127.0.0.1", json={"username": "me", "password": "s3cret-word"})
    try:
        revision = platform.deploy(
            "liar", {"pyproject.toml": from_index("liar", url), "main.py": worker("import liar", "1")}
        )
    finally:
        server.shutdown()
        platform.api("DELETE", "/v1/indexes/127.0.0.1")

    assert revision["state"] == "failed"
    assert "liar.py" in revision["reason"]["detail"]  # type: ignore[index]
    assert "RECORD" in revision["reason"]["detail"]  # type: ignore[index]


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
    server = ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    server.ended = threading.Event()  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/simple"
    try:
        revision = platform.deploy(
            "slow", {"pyproject.toml": from_index("tea", url), "main.py": worker("", "1")}
        )
    finally:
        server.ended.set()  # type: ignore[attr-defined]
        server.shutdown()

    assert revision["state"] == "failed"
    assert "slowly" in revision["reason"]["detail"]  # type: ignore[index]


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


def test_a_dependency_without_a_usable_wheel(platform: Running) -> None:
    revision = platform.deploy(
        "native", {"pyproject.toml": project(["msgpack==1.1.2"]), "main.py": worker("import msgpack", "1")}
    )

    assert revision["state"] == "failed"
    detail = revision["reason"]["detail"]  # type: ignore[index]
    assert "msgpack" in detail
    assert "GraalPy" in detail
