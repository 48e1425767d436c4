"""Deploying and calling functions, by REST and by the CLI."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from conftest import ROOT, Running, await_condition

if TYPE_CHECKING:
    from pathlib import Path

ECHO = """
import sys
from workers import Response, WorkerEntrypoint
print("imported")
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        print("called", request.method, request.url)
        print("to stderr", file=sys.stderr)
        headers = [("x-method", request.method), ("set-cookie", "a=1"), ("set-cookie", "b=2")]
        status = int(request.headers.get("x-status", "200"))
        return Response(await request.bytes(), status=status, headers=headers)
"""

ENVIRONMENT = """
import os
from workers import Response, WorkerEntrypoint
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        ours = sorted(name for name in os.environ if "HEARTH" in name)
        return Response.json([self.env.A, os.environ["A"], self.env.B, ours])
"""

HANDLER = """
def handler(event, context):
    if event.get("fail"):
        raise RuntimeError("as asked")
    if event.get("loop"):
        while True:
            pass
    return {"sum": event["a"] + event["b"], "left": context.get_remaining_time_in_millis() > 0}
"""


def hearth(platform: Running, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the CLI against a platform."""
    environment = os.environ | {"HEARTH_DATA": str(platform.data), "NO_COLOR": "1"}
    return subprocess.run(  # noqa: S603
        [str(ROOT / "hearth"), *arguments], env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("example", "path", "expected", "convention"),
    [
        ("hello", "/?name=you", "Hello, you!\n", "workers"),
        ("fastapi", "/teas/assam", '{"name":"assam","minutes":4.0}', "asgi"),
        ("flask", "/?name=you", "Hello, you!", "wsgi"),
        ("lambda", "/?a=1&b=2", '{"sum": 3.0}', "lambda"),
    ],
)
def test_examples(platform: Running, example: str, path: str, expected: str, convention: str) -> None:
    deployed = hearth(platform, "deploy", str(ROOT / "examples" / example), "--name", f"example-{example}")
    assert deployed.returncode == 0, deployed.stderr

    called = hearth(platform, "call", f"example-{example}", path)

    assert called.stdout == expected
    revision = platform.api("GET", f"/v1/functions/example-{example}/revisions/1").json()
    assert revision["convention"] == convention
    steps = {"upload", "queue", "resolve", "install", "pack", "publish", "place", "warm"}
    assert steps == revision["timings"].keys()


def test_fastapi_validates_models_and_knows_its_root_path(platform: Running) -> None:
    if platform.call("example-fastapi").status_code == 404:
        hearth(platform, "deploy", str(ROOT / "examples" / "fastapi"), "--name", "example-fastapi")

    wrong = platform.call("example-fastapi", "/teas", "POST", json={"name": "x", "minutes": -1})
    added = platform.call("example-fastapi", "/teas", "POST", json={"name": "oolong", "minutes": 3})
    docs = platform.call("example-fastapi", "/docs")
    redirect = platform.call("example-fastapi", "/teas/", follow_redirects=False)

    assert (wrong.status_code, added.status_code) == (422, 201)
    assert "/f/default/example-fastapi/openapi.json" in docs.text
    assert "/f/default/example-fastapi/teas" in redirect.headers.get(
        "location", "/f/default/example-fastapi/teas"
    )


def test_answers_have_the_documented_headers(platform: Running) -> None:
    platform.live("echo", ECHO)
    answer = platform.call(
        "echo", "/some/path?q=1", "PUT", content=bytes(range(256)), headers={"x-status": "418"}
    )

    assert (answer.status_code, answer.content) == (418, bytes(range(256)))
    assert answer.headers["x-method"] == "PUT"
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]
    assert answer.headers["hearth-revision"] == "1"
    assert answer.headers["hearth-start"] == "warm"
    timing = answer.headers["server-timing"]
    assert all(f"{step};dur=" in timing for step in ("gateway", "queue", "start", "run"))


def test_answers_without_a_body(platform: Running) -> None:
    platform.live("bodyless", ECHO)
    empty = platform.call("bodyless", "/", "POST", content=b"body", headers={"x-status": "204"})
    head = platform.call("bodyless", "/", "HEAD")

    assert (empty.status_code, empty.content) == (204, b"")
    assert (head.status_code, head.content) == (200, b"")


def test_headers_of_40_kb_pass_both_ways(platform: Running) -> None:
    source = ECHO.replace('("x-method", request.method)', '("x-large", request.headers["x-large"])')
    platform.live("headers", source)

    assert platform.call("headers", headers={"x-large": "a" * 40_000}).headers["x-large"] == "a" * 40_000


def test_bodies_of_10_mib_pass_both_ways(platform: Running) -> None:
    platform.live("large", ECHO)
    body = os.urandom(10 << 20)

    assert platform.call("large", "/", "POST", content=body).content == body


def test_a_function_has_a_host_name(platform: Running) -> None:
    platform.live("named", ECHO)
    answer = platform.http.post("/f/x", content=b"hi", headers={"host": "named.default.localhost"})

    assert answer.content == b"hi"
    await_condition(lambda: "http://named.default.localhost/f/x" in platform.logs("named"), "the log")


def test_printed_lines_are_in_the_functions_log(platform: Running) -> None:
    platform.live("printing", ECHO)
    platform.call("printing", "/tea")

    await_condition(lambda: "to stderr" in platform.logs("printing"), "the log")
    logs = platform.logs("printing")
    assert "imported" in logs
    assert "called GET" in logs
    assert "called GET" not in (platform.data / "hearth.log").read_text()


def test_the_environment_merges_project_and_upload(platform: Running) -> None:
    extra = '[tool.hearth.env]\nA = "project"\nB = "project"\n'
    platform.live("settings", ENVIRONMENT, extra, **{"hearth-environment": '{"A": "upload"}'})

    assert platform.call("settings").json() == ["upload", "upload", "project", []]


def test_a_new_revision_takes_over_at_once(platform: Running) -> None:
    first = platform.live("moving", ECHO)
    second = platform.live("moving", ECHO.replace('"x-method"', '"x-new"'))

    assert "x-new" in platform.call("moving").headers
    revisions = platform.api("GET", "/v1/functions/moving").json()["revisions"]
    states = [(revision["number"], revision["state"]) for revision in revisions]
    assert states[:2] == [(second["number"], "live"), (first["number"], "superseded")]


def test_invocations(platform: Running) -> None:
    platform.live("adding", HANDLER, '[tool.hearth]\ntimeout = "4s"\n')

    def invoke(event: dict[str, Any]) -> Any:
        return platform.api("POST", "/v1/functions/adding/invocations", json=event)

    assert invoke({"a": 1, "b": 2}).json() == {"sum": 3, "left": True}
    failed = invoke({"fail": True})
    assert (failed.status_code, failed.headers["hearth-function-error"]) == (502, "unhandled")
    assert failed.json()["errorType"] == "RuntimeError"
    assert failed.json()["errorMessage"] == "as asked"
    assert any("main.py" in line for line in failed.json()["stackTrace"])
    broken = platform.api("POST", "/v1/functions/adding/invocations", content=b"{")
    assert (broken.status_code, broken.json()["code"]) == (400, "request_invalid")
    assert invoke({"loop": True}).status_code == 504
    assert invoke({"a": 1, "b": 2}).status_code == 200


def test_only_handlers_take_invocations(platform: Running) -> None:
    platform.live("no-handler", ECHO)
    answer = platform.api("POST", "/v1/functions/no-handler/invocations", json={})

    assert (answer.status_code, answer.json()["code"]) == (409, "convention_mismatch")


def test_the_same_source_gives_the_same_artifact(platform: Running) -> None:
    one = platform.live("same-a", ECHO)
    two = platform.live("same-b", ECHO)

    assert one["artifact"] == two["artifact"]


def test_health(platform: Running) -> None:
    health = platform.http.get("/v1/health")

    assert health.status_code == 200
    services = {f"{name}-service" for name in ("api", "artifact", "build", "executor", "scheduler")}
    assert health.json()["components"].keys() == services | {"broker", "database", "store"}
    node = health.json()["node"]
    assert node.keys() == {"isolation", "start"}
    assert node["start"].endswith("jvm with ahead-of-time cache"), (
        "a snapshot of it, if snapshots are available"
    )


def test_commands_of_the_cli(platform: Running, tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"a": 20, "b": 22}))
    hearth(platform, "deploy", str(ROOT / "examples" / "lambda"), "--name", "cli")

    assert json.loads(hearth(platform, "call", "cli", "--event", str(event)).stdout)["sum"] == 42
    assert "cli" in hearth(platform, "functions").stdout
    assert "sha256:" in hearth(platform, "build-log", "cli").stdout
    assert json.loads(hearth(platform, "metrics", "cli", "--json").stdout)["answers"] == {"2xx": 1}
    assert "1 calls since" in hearth(platform, "metrics", "cli").stdout
    absent = hearth(platform, "call", "absent")
    assert absent.returncode == 1
    assert "error:" in absent.stderr
    nothing = hearth(platform, "deploy", str(tmp_path))
    assert nothing.returncode == 1
    assert "hint: `uv init` makes one" in nothing.stderr


def test_the_cli_says_why_a_revision_failed(platform: Running, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "broken"\nversion = "1"\n')
    (tmp_path / "main.py").write_text("import nonsense\napp = nonsense.app()\n")
    failed = hearth(platform, "deploy", str(tmp_path))

    assert failed.returncode == 1
    assert "No module named 'nonsense'" in failed.stderr
