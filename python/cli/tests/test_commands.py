"""The commands, against a fake API with answers that each test sets."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any

import pytest
from index import answering

from hearth_cli import main

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

FUNCTION = {"name": "tea", "url": "/f/default/tea/", "live": 2, "latest": {"number": 2, "state": "live"}}
LIVE = {"function": "tea", "number": 2, "state": "live", "url": "/f/default/tea/", "timings": {"build": 1200}}


class Api:
    """A fake API: answers by method and path, and a record of the requests."""

    def __init__(self, answers: dict[str, tuple[int, Any]]) -> None:
        """Set the answers; those that are not text are sent as JSON."""
        self.answers = answers
        self.asked: list[tuple[str, dict[str, str], bytes]] = []

    @contextmanager
    def serve(self) -> Generator[str]:
        """Serve until the end of the block; yield the address."""
        api = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                name = f"{self.command} {self.path}"
                body = self.rfile.read(int(self.headers.get("content-length", "0")))
                headers = {key.lower(): value for key, value in self.headers.items()}
                api.asked.append((name, headers, body))
                status, content = api.answers.get(
                    name, (404, {"title": "Not found", "detail": name, "code": "not_found"})
                )
                text = content if isinstance(content, str) else json.dumps(content)
                self.send_response(status)
                is_stream = text.startswith(("id:", "event:"))
                self.send_header("content-type", "text/event-stream" if is_stream else "application/json")
                self.send_header("content-length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815 - the base class names them

            def log_message(self, *_: object) -> None:
                """Log nothing."""

        with answering(Handler) as url:
            yield url


class Run:
    """Runs a command line in this process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
        """Remove all settings that name a platform."""
        self.monkeypatch = monkeypatch
        self.capfd = capfd
        for name in ("HEARTH_URL", "HEARTH_API_KEY", "HEARTH_DATA", "HEARTH_COMMAND"):
            monkeypatch.delenv(name, raising=False)

    def use(self, url: str) -> None:
        """Make the commands use the API at an address."""
        self.monkeypatch.setenv("HEARTH_URL", url)
        self.monkeypatch.setenv("HEARTH_API_KEY", "key")

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        """Run a command; return its exit code, standard output and standard error."""
        self.monkeypatch.setattr("sys.argv", ["hearth", *arguments])
        try:
            main()
            code = 0
        except SystemExit as ended:
            code = int(ended.code or 0)
        said = self.capfd.readouterr()
        return code, said.out, said.err


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)
    return Run(monkeypatch, capfd)


def test_says_how_to_start_a_platform_when_none_is_found(run: Run) -> None:
    code, out, err = run("functions")

    assert (code, out) == (1, "")
    assert "error: no platform is running on .hearth." in err
    assert "hint: start one with `hearth up`" in err


def test_says_that_the_platform_does_not_answer(run: Run) -> None:
    run.use("http://127.0.0.1:1")

    code, _, err = run("functions")

    assert code == 1
    assert "hint: is `hearth up` running?" in err


def test_finds_the_platform_by_its_data_folder(run: Run, tmp_path: Path) -> None:
    api = Api({"GET /v1/functions": (200, {"functions": [FUNCTION]})})
    with api.serve() as url:
        (tmp_path / ".hearth").mkdir()
        (tmp_path / ".hearth/url").write_text(url + "\n")
        (tmp_path / ".hearth/api-key").write_text("secret\n")

        code, out, _ = run("functions")

    assert code == 0
    assert "tea" in out
    assert api.asked[0][1]["authorization"] == "Bearer secret"


def test_a_refused_key_comes_with_a_hint(run: Run) -> None:
    problem = {"title": "Unauthorized", "detail": "The key is not known.", "code": "unauthenticated"}
    with Api({"GET /v1/functions": (401, problem)}).serve() as url:
        run.use(url)
        code, _, err = run("functions")

    assert code == 1
    assert "Unauthorized: The key is not known." in err
    assert "HEARTH_API_KEY" in err


def test_an_error_that_is_no_problem_is_shown_unchanged(run: Run) -> None:
    with Api({"GET /v1/functions": (502, "<html>")}).serve() as url:
        run.use(url)
        code, _, err = run("functions")

    assert code == 1
    assert "the API answered 502: " in err


def test_call_prints_the_body_and_exits_with_1_after_an_error(run: Run) -> None:
    api = Api(
        {
            "GET /v1/functions/tea": (200, FUNCTION),
            "POST /f/default/tea/pour?cups=2": (200, "poured"),
            "GET /f/default/tea/": (418, "a teapot"),
        }
    )
    with api.serve() as url:
        run.use(url)

        assert run("call", "tea", "/pour?cups=2", "--data", "milk", "-H", "x-kind: oolong")[:2] == (
            0,
            "poured",
        )
        assert api.asked[-1][2] == b"milk"
        assert api.asked[-1][1]["x-kind"] == "oolong"
        code, out, err = run("call", "tea")

    assert (code, out) == (1, "a teapot")
    assert "\nerror: tea answered 418.\n" in err


def test_call_reads_the_body_from_a_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "body").write_text("from a file")
    answers = {"GET /v1/functions/tea": (200, FUNCTION), "POST /f/default/tea/": (200, "done")}
    api = Api(answers)
    with api.serve() as url:
        run.use(url)
        assert run("call", "tea", "--data", "@body")[0] == 0
        code, _, err = run("call", "tea", "--data", "@absent")

    assert api.asked[1][2] == b"from a file"
    assert code == 1
    assert "absent cannot be read" in err


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["call", "tea", "-H", "no colon"], "--header takes NAME: VALUE but got 'no colon'"),
        (["deploy", ".", "--env", "NOVALUE"], "--env takes KEY=VALUE but got 'NOVALUE'"),
        (["build", ".", "--out", "out"], "a build without a platform needs a clone of Hearth's repository"),
        (["demo"], "demo needs a clone of Hearth's repository"),
    ],
)
def test_wrong_arguments_are_named(run: Run, tmp_path: Path, arguments: list[str], part: str) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "tea"\n')
    run.use("http://127.0.0.1:1")

    code, _, err = run(*arguments)

    assert code == 1
    assert part in err


def test_wrong_usage_exits_with_2(run: Run) -> None:
    assert run("call")[0] == 2
    assert run("no-such-command")[0] == 2


def test_deploy_follows_the_build_and_prints_the_address(run: Run, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "tea"\n')
    stream = 'id:1\nevent:line\ndata:{"text": "3 packages resolved"}\n\nid:2\nevent:state\ndata:"live"\n\n'
    api = Api(
        {
            "POST /v1/functions/tea/revisions": (202, LIVE | {"state": "queued"}),
            "GET /v1/functions/tea/revisions/2/build-log": (200, stream),
            "GET /v1/functions/tea/revisions/2": (200, LIVE),
            "GET /v1/functions/tea/revisions/2/report": (200, {"without": [{"name": "uvloop"}]}),
        }
    )
    with api.serve() as url:
        run.use(url)
        code, out, err = run("deploy", ".", "--env", "A=b=c", "--entry", "main:app")

    assert code == 0
    assert out == f"{url}/f/default/tea/\n"
    assert "3 packages resolved" in err
    assert "tea revision 2 is live after 1.2 s" in err
    assert "uvloop" in err
    uploaded = api.asked[0][1]
    assert json.loads(uploaded["hearth-environment"]) == {"A": "b=c"}
    assert uploaded["hearth-entry"] == "main:app"


@pytest.mark.parametrize(
    ("revision", "hint"),
    [
        ({}, "`hearth build-log tea 2` shows the whole build"),
        ({"artifact": {"digest": "d"}}, "`hearth logs tea --revision 2` shows what it printed"),
    ],
)
def test_deploy_says_once_why_a_revision_failed(
    run: Run, tmp_path: Path, revision: dict[str, Any], hint: str
) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "tea"\n')
    reason = {"code": "syntax_error", "detail": "main.py, line 1: [broken]\nRevision 1 goes on serving."}
    stream = "".join(
        f"event:{event}\ndata:{json.dumps(data)}\n\n"
        for event, data in [
            ("state", "queued"),
            ("state", "building"),
            ("line", {"text": "failed: main.py, line 1: [broken]"}),
            ("state", "failed"),
        ]
    )
    failed = LIVE | {"state": "failed", "reason": reason} | revision
    api = Api(
        {
            "POST /v1/functions/tea/revisions": (202, LIVE | {"state": "queued"}),
            "GET /v1/functions/tea/revisions/2/build-log": (200, stream),
            "GET /v1/functions/tea/revisions/2": (200, failed),
        }
    )
    with api.serve() as url:
        run.use(url)
        code, _, err = run("deploy", ".")

    assert code == 1
    assert err.splitlines()[1:] == [
        "queued",
        "building",
        "error: tea revision 2 failed (syntax_error):",
        "main.py, line 1: [broken]",
        "Revision 1 goes on serving.",
        f"hint: {hint}",
    ]


def test_deploy_says_that_a_newer_revision_has_won(run: Run, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "tea"\n')
    superseded = LIVE | {"state": "superseded"}
    api = Api(
        {
            "POST /v1/functions/tea/revisions": (202, LIVE | {"state": "queued"}),
            "GET /v1/functions/tea/revisions/2/build-log": (200, 'event:state\ndata:"superseded"\n\n'),
            "GET /v1/functions/tea/revisions/2": (200, superseded),
            "GET /v1/functions/tea/revisions/2/report": (200, {}),
        }
    )
    with api.serve() as url:
        run.use(url)
        code, _, err = run("deploy", ".")

    assert code == 0
    assert "tea revision 2 is superseded: a newer revision is live" in err


FAILED = {
    "function": "tea",
    "number": 1,
    "state": "failed",
    "reason": {"code": "start_failed", "detail": "ImportError: [milk]\nTraceback"},
    "artifact": {"digest": "d"},
}


def test_call_says_why_a_function_never_went_live(run: Run) -> None:
    function = {"name": "tea", "url": "/f/default/tea/", "latest": FAILED}
    with Api({"GET /v1/functions/tea": (200, function)}).serve() as url:
        run.use(url)
        code, out, err = run("call", "tea")

    assert (code, out) == (1, "")
    assert "error: tea revision 1 failed (start_failed):\nImportError: [milk]\nTraceback\n" in err
    assert "hint: `hearth logs tea --revision 1`" in err


def test_call_says_what_state_a_function_is_in(run: Run) -> None:
    latest = {"function": "tea", "number": 1, "state": "building"}
    function = {"name": "tea", "url": "/f/default/tea/", "latest": latest}
    with Api({"GET /v1/functions/tea": (200, function)}).serve() as url:
        run.use(url)
        code, _, err = run("call", "tea")

    assert code == 1
    assert "error: tea revision 1 is building, and no other takes calls.\nhint: wait until" in err


@pytest.mark.parametrize("command", ["call", "logs", "build-log"])
def test_an_unknown_function_is_told_in_words_of_the_command_line(run: Run, command: str) -> None:
    problem = {
        "title": "There is no such function",
        "detail": "There is no function tea. GET /v1/functions lists yours.",
        "code": "function_not_found",
    }
    path = "/v1/functions/tea/logs?after=0" if command == "logs" else "/v1/functions/tea"
    with Api({f"GET {path}": (404, problem)}).serve() as url:
        run.use(url)
        code, _, err = run(command, "tea")

    assert code == 1
    assert err == (
        "error: There is no such function: There is no function tea.\nhint: `hearth functions` lists yours\n"
    )


def test_call_names_the_platforms_error(run: Run) -> None:
    problem = {"title": "The function raised", "detail": "…", "code": "function_raised"}
    answers = {"GET /v1/functions/tea": (200, FUNCTION), "GET /f/default/tea/": (500, problem)}
    with Api(answers).serve() as url:
        run.use(url)
        code, out, err = run("call", "tea")

    assert (code, json.loads(out)) == (1, problem)
    assert err == "\nerror: tea answered 500 (function_raised).\nhint: read its log with `hearth logs tea`\n"


def test_functions_shows_why_the_latest_revision_failed(run: Run) -> None:
    other = {"name": "milk", "url": "/f/default/milk/", "live": 1, "latest": LIVE}
    broken = {"name": "tea", "url": "/f/default/tea/", "latest": FAILED}
    with Api({"GET /v1/functions": (200, {"functions": [other, broken]})}).serve() as url:
        run.use(url)
        _, out, _ = run("functions")

    lines = [line.strip().split(maxsplit=5) for line in out.splitlines()]
    assert lines[0] == ["name", "live", "latest", "state", "url", "reason"]
    assert lines[1][:5] == ["milk", "1", "2", "live", "/f/default/milk/"]
    assert lines[2][5] == "start_failed: ImportError: [milk]"


ENTRIES = [
    {"id": 5, "time": "T1", "level": "", "invocation": "", "revision": 1, "text": ""},
    {
        "id": 7,
        "time": "T2",
        "level": "error",
        "invocation": "i",
        "revision": 2,
        "text": "[spilled]\nm\u2028ore",
    },
]


def test_logs_say_which_revision_an_entry_is_of(run: Run) -> None:
    lines = "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in ENTRIES)
    api = Api(
        {
            "GET /v1/functions/tea/logs?after=0": (200, lines),
            "GET /v1/functions/tea/logs?after=0&revision=2": (200, lines.split("\n")[1]),
        }
    )
    with api.serve() as url:
        run.use(url)
        text = run("logs", "tea")[1]
        structured = run("logs", "tea", "--json")[1]
        chosen = run("logs", "tea", "--revision", "2")[1]

    assert text == "T1 r1 \nT2 r2 ERROR [spilled]\nm\u2028ore\n"
    assert [json.loads(line) for line in structured.rstrip().split("\n")] == ENTRIES
    assert chosen == "T2 r2 ERROR [spilled]\nm\u2028ore\n"


def test_logs_follow_until_the_platform_ends(run: Run) -> None:
    api = Api(
        {
            "GET /v1/functions/tea/logs?after=0": (200, json.dumps(ENTRIES[0]) + "\n"),
            "GET /v1/functions/tea/logs?after=5": (200, json.dumps(ENTRIES[1]) + "\n"),
        }
    )
    with api.serve() as url:
        run.use(url)
        code, out, _ = run("logs", "tea", "--follow")

    assert code == 1
    assert out == "T1 r1 \nT2 r2 ERROR [spilled]\nm\u2028ore\n"
    assert [name for name, _, _ in api.asked][-1] == "GET /v1/functions/tea/logs?after=7"


def test_help_lists_the_commands(run: Run) -> None:
    code, out, _ = run("--help")

    assert code == 0
    for command in ("deploy", "call", "functions", "logs", "wheelhouse", "demo"):
        assert f"\n    {command}" in out
    assert run()[0] == 2


def test_a_command_loads_only_what_it_needs() -> None:
    code = "import sys, hearth_cli; print({'rich', 'httpx', 'pathspec'} & sys.modules.keys())"

    loaded = subprocess.run(  # noqa: S603 - this Python
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout

    assert loaded == "set()\n"


def test_metrics_without_calls(run: Run) -> None:
    known = {"calls": 0, "since": "2026-11-30T00:00:00Z", "answers": {}, "starts": {}}
    with Api({"GET /v1/functions/tea/metrics": (200, known)}).serve() as url:
        run.use(url)

        assert run("metrics", "tea")[1] == "0 calls since 2026-11-30T00:00:00Z: none\n"
        assert json.loads(run("metrics", "tea", "--json")[1]) == known


def test_a_login_is_read_from_standard_input(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "password").write_text("s3cret\n")
    api = Api({"PUT /v1/indexes/pypi.example.com": (204, "")})
    with api.serve() as url, (tmp_path / "password").open() as typed:
        run.use(url)
        monkeypatch.setattr("sys.stdin", typed)
        code, _, err = run("index", "login", "pypi.example.com", "--username", "me")

    assert code == 0
    assert json.loads(api.asked[0][2]) == {"username": "me", "password": "s3cret"}
    assert "s3cret" not in err
