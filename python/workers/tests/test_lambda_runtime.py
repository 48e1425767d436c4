"""Hearth beside AWS's own runtime client, which a stand-in of its runtime API drives."""

import json
import re
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import lambda_handler
import pytest
from conftest import Host

SOURCE = Path(lambda_handler.__file__)
ASKED = [
    *(json.dumps({"do": "give", "what": what}).encode() for what in lambda_handler.RESULTS),
    *(json.dumps({"do": what}).encode() for what in ("tell", "fail", "fail_without_words")),
    *lambda_handler.EVENTS,
]
NOT_ANSWERED = [*lambda_handler.UNFIT_EVENTS, *lambda_handler.BROKEN_EVENTS]
WRITE = b'{"do": "write"}'
NAN = b'{"do": "give_nan"}'
TEXT = {"AWS_LAMBDA_FUNCTION_NAME": "tea"}
JSON = {**TEXT, "AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": "debug"}


@dataclass
class Given:
    """What the runtime client told its API, and what it printed."""

    results: dict[bytes, bytes] = field(default_factory=dict)
    failures: dict[bytes, Any] = field(default_factory=dict)
    printed: str = ""


def run_real_client(events: list[bytes], environment: dict[str, str]) -> Given:
    given = Given()
    left = list(events)

    class RuntimeApi(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if not left:
                client.kill()
                return
            self.send_response(200)
            self.send_header("Lambda-Runtime-Aws-Request-Id", "id")
            self.send_header("Lambda-Runtime-Deadline-Ms", "1893456000000")
            self.send_header("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:r:a:function:tea")
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(left[0])))
            self.end_headers()
            self.wfile.write(left[0])

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            event = left.pop(0)
            if self.path.endswith("/response"):
                given.results[event] = body
            else:
                given.failures[event] = json.loads(body)
            self.send_response(202)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_given: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), RuntimeApi) as api:
        threading.Thread(target=api.serve_forever).start()
        client = subprocess.Popen(
            [sys.executable, "-m", "awslambdaric", f"{SOURCE.stem}.handler"],
            cwd=SOURCE.parent,
            env={
                **environment,
                "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{api.server_port}",
                "AWS_EXECUTION_ENV": "AWS_Lambda_python3.12",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        given.printed = client.communicate(timeout=60)[0].decode()
        api.shutdown()
    assert not left, f"the client ended without an answer to the event {left[0]!r}"
    return given


@pytest.fixture(scope="module")
def real() -> Given:
    return run_real_client([*ASKED, *NOT_ANSWERED, NAN, WRITE], TEXT)


@pytest.fixture
def ours(make: Any, call: Any) -> Any:
    instance = make(SOURCE.read_text(encoding="utf-8"), "handler", "lambda", TEXT)
    return lambda event: call(instance, kind="event", body=event)


@pytest.mark.parametrize("event", ASKED, ids=lambda event: event.decode())
def test_results_and_failures_are_those_of_the_real_client(
    real: Given, ours: Any, tmp_path: Path, event: bytes
) -> None:
    status, _, body = ours(event)

    if event in real.results:
        assert (status, body) == (200, real.results[event])
        return
    assert status == 502
    moved = body.replace(str(tmp_path / "user_module.py").encode(), str(SOURCE).encode())
    assert json.loads(moved) == real.failures[event]


@pytest.mark.parametrize("event", lambda_handler.UNFIT_EVENTS)
def test_what_only_python_takes_for_json_is_refused_with_the_type_of_the_real_client(
    real: Given, ours: Any, event: bytes
) -> None:
    failure = json.loads(ours(event)[2])

    assert failure["errorType"] == real.failures[event]["errorType"] == "Runtime.UnmarshalError"
    assert (failure["requestId"], failure["stackTrace"]) == ("id", [])


@pytest.mark.parametrize("event", lambda_handler.BROKEN_EVENTS)
def test_an_event_that_is_no_json_is_refused_before_the_handler(real: Given, ours: Any, event: bytes) -> None:
    assert real.failures[event]["errorType"] == "Runtime.UnmarshalError"
    assert ours(event)[2] == b"request_invalid"


def test_nan_is_refused_where_the_real_client_sends_what_no_parser_takes(real: Given, ours: Any) -> None:
    status, _, body = ours(NAN)

    assert real.results[NAN] == b"[NaN]"
    assert (status, json.loads(body)["errorType"]) == (502, "Runtime.MarshalError")


def without_time(line: str) -> str:
    return re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "TIME", line)


def test_log_records_are_those_of_the_real_client(real: Given, ours: Any, host: Host, tmp_path: Path) -> None:
    ours(WRITE)

    lines = [(level, without_time(text)) for _, level, invocation, text in host.printed if invocation == "id"]
    assert [level for level, _ in lines] == ["debug", "info", "warning", "error", ""]
    assert lines[0][1] == "[DEBUG]\tTIME\tid\tquiet"
    # The real client ends a record with a traceback without a line end.
    ours_printed = "".join(text for _, text in lines).replace("\n", "")
    moved = ours_printed.replace(str(tmp_path / "user_module.py"), str(SOURCE))
    assert without_time(real.printed).replace("\n", "").endswith(moved)


def test_log_records_in_json_are_those_of_the_real_client(
    make: Any, call: Any, host: Host, tmp_path: Path
) -> None:
    real = run_real_client([WRITE, b'{"do": "fail"}'], JSON)
    instance = make(SOURCE.read_text(encoding="utf-8"), "handler", "lambda", JSON)

    call(instance, kind="event", body=WRITE)
    call(instance, kind="event", body=b'{"do": "fail"}')

    printed = "\n".join(text for _, _, _, text in host.printed)
    moved = printed.replace(str(tmp_path / "user_module.py"), str(SOURCE)).replace("user_module", SOURCE.stem)
    ours = [json.loads(without_time(line)) for line in moved.splitlines() if line.startswith("{")]
    theirs = [json.loads(without_time(line)) for line in real.printed.splitlines() if line.startswith("{")]
    assert len(ours) == 5
    assert ours == theirs
