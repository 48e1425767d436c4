"""Wrong and hostile input: projects, names, keys, paths, bodies and headers."""

from __future__ import annotations

import socket

import pytest
from conftest import PYPROJECT, Running, await_condition
from projects import HELLO, assert_problem


@pytest.mark.parametrize(
    ("files", "code", "part"),
    [
        ({"pyproject.toml": "[project\n"}, "project_invalid", "not valid TOML"),
        (
            {"pyproject.toml": PYPROJECT, "main.py": "import not_installed\n" + HELLO},
            "start_failed",
            "ModuleNotFoundError: No module named 'not_installed'",
        ),
        (
            {"pyproject.toml": PYPROJECT + '[tool.hearth]\nentry = "main:absent"\n', "main.py": HELLO},
            "entry_not_found",
            "main.py does not define absent",
        ),
    ],
)
def test_a_failed_revision_has_a_reason(
    platform: Running, files: dict[str, str], code: str, part: str
) -> None:
    revision = platform.deploy("failing", files)

    assert revision["state"] == "failed"
    assert revision["reason"]["code"] == code  # type: ignore[index]
    assert part in revision["reason"]["detail"]  # type: ignore[index]


def test_an_error_message_with_nul_does_not_block_later_deploys(platform: Running) -> None:
    revision = platform.deploy(
        "nul", {"pyproject.toml": PYPROJECT, "main.py": "raise ValueError('a\\0b' * 20000)\n" + HELLO}
    )

    assert revision["state"] == "failed"
    platform.live("after-nul", HELLO)


def test_the_previous_revision_stays_live_when_the_next_one_fails(platform: Running) -> None:
    first = platform.live("steady", HELLO)
    second = platform.deploy(
        "steady", {"pyproject.toml": PYPROJECT, "main.py": "raise ValueError('boom')\n" + HELLO}
    )

    assert second["state"] == "failed"
    detail = second["reason"]["detail"]  # type: ignore[index]
    assert "ValueError: boom" in detail
    assert detail.endswith("\nRevision 1 goes on serving.")
    answer = platform.call("steady")
    assert (answer.text, answer.headers["hearth-revision"]) == ("hello", str(first["number"]))


RAISING = """
import sys
from workers import Response, WorkerEntrypoint
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        if request.url.endswith("/raise"):
            raise ValueError("a secret of the function")
        if request.url.endswith("/loop"):
            while True:
                pass
        if request.url.endswith("/builtin"):
            sum(range(10**13))
        if request.url.endswith("/exit"):
            sys.exit(3)
        return Response("fine")
"""


def test_an_exception_is_answered_with_500_and_logged_with_its_traceback(platform: Running) -> None:
    platform.live("raising", RAISING)
    answer = platform.call("raising", "/raise")

    assert_problem(answer, 500, "function_raised", "log")
    assert "secret" not in answer.text
    await_condition(
        lambda: "ValueError: a secret of the function" in platform.logs("raising"), "the traceback"
    )
    assert platform.call("raising").text == "fine"


def test_sys_exit_ends_the_call_only(platform: Running) -> None:
    platform.live("exiting", RAISING)

    assert platform.call("exiting", "/exit").status_code == 500
    assert platform.call("exiting").text == "fine"


@pytest.mark.parametrize(
    ("path", "met"),
    [("/loop", {"warm"}), ("/builtin", {"prepared", "cold"})],
    ids=["interrupted", "interpreter ended"],
)
def test_an_endless_call_is_answered_with_504(platform: Running, path: str, met: set[str]) -> None:
    platform.live("endless", RAISING, '[tool.hearth]\ntimeout = "3s"\n')

    assert_problem(platform.call("endless", path), 504, "function_timed_out", "timeout in [tool.hearth]")
    next_answer = platform.call("endless")
    assert next_answer.text == "fine"
    assert next_answer.headers["hearth-start"] in met
    assert platform.call("endless").headers["hearth-start"] == "warm"


def test_missing_and_wrong_keys_are_refused(platform: Running) -> None:
    assert_problem(platform.http.get("/v1/functions"), 401, "unauthenticated", "Authorization: Bearer")
    wrong = platform.http.get("/v1/functions", headers={"authorization": "Bearer wrong"})
    assert_problem(wrong, 401, "unauthenticated", "API key is unknown")
    assert wrong.headers["www-authenticate"] == "Bearer"
    invocation = platform.http.post("/v1/functions/x/invocations", content="{}")
    assert_problem(invocation, 401, "unauthenticated", "Bearer")


def test_unknown_functions_and_revisions_are_404(platform: Running) -> None:
    assert_problem(platform.call("absent"), 404, "function_not_found", "default/absent")
    assert_problem(platform.http.get("/f/nobody/absent/x"), 404, "function_not_found", "nobody/absent")
    assert_problem(platform.http.get("/f/"), 404, "function_not_found", "/f/TENANT/FUNCTION/")
    assert_problem(platform.api("GET", "/v1/functions/absent"), 404, "function_not_found", "absent")
    assert_problem(
        platform.api("GET", "/v1/functions/absent/revisions/1"), 404, "revision_not_found", "absent"
    )
    assert platform.api("GET", "/v1/nonsense").status_code == 404


def test_refused_requests_have_a_code(platform: Running) -> None:
    asked = [
        platform.api("GET", "/v1/functions/nobody/revisions/99999999999"),
        platform.api("PATCH", "/v1/functions/nobody/revisions"),
        platform.api("PUT", "/v1/wheelhouse/..%2fx.whl", content=b"x"),
        platform.api(
            "POST", "/v1/functions/tea/revisions", headers={"hearth-environment": '{"A": null}'}, content=b"x"
        ),
        platform.api(
            "POST", "/v1/functions/tea/revisions", headers={"hearth-environment": '{"=": "x"}'}, content=b"x"
        ),
    ]

    assert [answered.json().get("code") for answered in asked] == ["request_invalid"] * 5


def test_an_invalid_function_name_is_refused(platform: Running) -> None:
    assert_problem(platform.upload("Not_A_Name", b""), 400, "function_name_invalid", "lower-case letters")


PATHS = """
from workers import Response, WorkerEntrypoint
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return Response(request.url)
"""


def sent(platform: Running, request: str) -> str:
    """Send a raw request; return everything that the server sends until it closes."""
    host, _, port = platform.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), 90) as client:
        client.sendall(request.encode("latin-1"))
        received = b""
        while part := client.recv(65536):
            received += part
        return received.decode()


def test_dot_segments_stay_within_the_function(platform: Running) -> None:
    platform.live("paths", PATHS)
    end = " HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"

    for path in ("/x/../y", "/x/%2e%2e/y", "//y", "/a;b/c", "/a%2Fb"):
        answer = sent(platform, f"GET /f/default/paths{path}{end}")
        assert answer.startswith("HTTP/1.1 200 "), answer
        assert answer.split("\r\n\r\n")[1].endswith(path)
    for path in ("/..", "/x/../../y", "/%2e%2E/other"):
        answer = sent(platform, f"GET /f/default/paths{path}{end}")
        assert answer.startswith("HTTP/1.1 400 "), answer
        assert '"code":"request_invalid"' in answer


def test_a_broken_body_is_answered_with_400(platform: Running) -> None:
    platform.live("broken-body", HELLO)
    head = "POST /f/default/broken-body/ HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n"

    for chunks in ("zz\r\nab\r\n", "2\r\nabc\r\n0\r\n\r\n", "2\nab\n0\n\n"):
        answer = sent(platform, head + chunks)
        assert answer.startswith("HTTP/1.1 400 "), answer
        assert '"code":"request_invalid"' in answer
    assert platform.call("broken-body").text == "hello"


def test_clients_cannot_forge_internal_headers(platform: Running) -> None:
    platform.live("forging", HELLO)
    answer = platform.call(
        "forging", headers={"hearth-call": "ping", "hearth-instance": "x", "hearth-root-path": "/x"}
    )

    assert answer.text == "hello"
