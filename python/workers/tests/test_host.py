import json
import os
import pkgutil
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from workers._host import rehearse, start
from workers._host._call import InvalidAnswerError, join_headers, split_headers
from workers._host._lambda import http_answer
from workers._host._late import LateFinder
from workers._host._start import Instance, detect


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setattr("os.environ", {})
    monkeypatch.setattr(sys, "path", list(sys.path))

    def _make(source: str, attribute: str, convention: str = "auto") -> Instance:
        (tmp_path / "user_module.py").write_text(source, encoding="utf-8")
        sys.modules.pop("user_module", None)
        specification = {
            "entry": f"user_module:{attribute}",
            "convention": convention,
            "path": [str(tmp_path)],
            "environment": {"GREETING": "hi"},
            "function": "tea",
            "revision": 3,
            "timeout": 30.0,
            "temporary": str(tmp_path),
            "proxy": "",
            "certificates": "",
            "late": "",
        }
        return start(json.dumps(specification))

    yield _make
    sys.modules.pop("user_module", None)


def call(  # noqa: PLR0913 - the parts of a request
    instance: Instance,
    path: str = "/",
    *,
    method: str = "GET",
    query: str = "",
    headers: str = "host\0tea.localhost\0",
    body: bytes = b"",
    root_path: str = "/f/acme/tea",
) -> tuple[int, list[tuple[str, str]], bytes]:
    status, joined, content, _ = instance.call(
        method, path, query, headers, body.decode("latin-1"), root_path, "127.0.0.1", "http", "id", 0.0
    )
    if not status:
        return status, [], joined.encode()
    return status, split_headers(joined), content


WORKER = """
from workers import Response, WorkerEntrypoint
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        if request.url.endswith("/raise"):
            raise ValueError("on purpose")
        if request.url.endswith("/wrong"):
            return 42
        return Response(await request.bytes(), status=207, headers=[("set-cookie", "a"), ("set-cookie", "b")])
"""

ASGI = """
started = []
async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        started.append(1)
        await send({"type": "lifespan.startup.complete"})
        return
    message = await receive()
    text = repr((scope["path"], scope["root_path"], scope["query_string"], started)).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"x", b"y")]})
    await send({"type": "http.response.body", "body": text, "more_body": True})
    await send({"type": "http.response.body", "body": message["body"]})
"""

BACKGROUND = """
import asyncio
done = []
async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        return
    await send({"type": "http.response.start", "status": 200})
    await send({"type": "http.response.body", "body": repr(done).encode()})
    await asyncio.sleep(0.01)
    done.append(1)
"""

WSGI = """
def app(environ, start_response):
    start_response("201 Created", [("set-cookie", "a"), ("set-cookie", "b")])
    yield repr((environ["SCRIPT_NAME"], environ["PATH_INFO"], environ["HTTP_HOST"])).encode()
    yield environ["wsgi.input"].read()
"""

LAMBDA = """
def handler(event, context):
    if "fail" in event:
        raise KeyError("fail")
    if "requestContext" in event:
        return {"statusCode": 200, "body": event["rawPath"], "cookies": ["a=1", "b=2"]}
    return {"got": event, "name": context.function_name}
"""


def test_worker_bytes_status_and_cookies(make: Any) -> None:
    status, headers, body = call(make(WORKER, "Default"), method="POST", body=bytes(range(256)))

    assert (status, body) == (207, bytes(range(256)))
    assert headers == [("set-cookie", "a"), ("set-cookie", "b")]


def test_worker_exception_goes_to_the_log_and_not_to_the_answer(
    make: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    status, _, code = call(make(WORKER, "Default"), "/raise")

    assert (status, code) == (0, b"function_raised\0")
    assert "ValueError: on purpose" in capsys.readouterr().err


def test_worker_answer_of_the_wrong_type_is_named(make: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(make(WORKER, "Default"), "/wrong")[2] == b"function_answer_invalid\0"
    assert "must return a Response but returned int" in capsys.readouterr().err


def test_asgi_gets_the_full_path_its_root_and_a_lifespan(make: Any) -> None:
    status, headers, body = call(
        make(ASGI, "app"), "/a%20b", method="POST", query="q=1", body=b"!", headers="host\0h\0"
    )

    assert status == 200
    assert headers == [("x", "y")]
    assert body == b"('/f/acme/tea/a b', '/f/acme/tea', b'q=1', [1])!"


def test_asgi_answers_before_its_background_work(make: Any) -> None:
    instance = make(BACKGROUND, "app")

    first = instance.call("GET", "/", "", "", "", "", "", "http", "id", 0.0)
    assert first[2:] == (b"[]", True)
    instance.finish()
    assert call(instance)[2] == b"[1]"


def test_an_event_that_is_no_json_is_the_callers_fault(make: Any) -> None:
    assert make(LAMBDA, "handler").event("{", "id", 0.0)[:2] == (0, "request_invalid\0")


def test_wsgi_gets_script_name_and_path_info(make: Any) -> None:
    status, headers, body = call(make(WSGI, "app"), "/x", method="POST", body=b"!")

    assert status == 201
    assert [value for _, value in headers] == ["a", "b"]
    assert body == b"('/f/acme/tea', '/x', 'tea.localhost')!"


def test_lambda_by_http_gets_an_api_gateway_event(make: Any) -> None:
    status, headers, body = call(make(LAMBDA, "handler"), "/tea")

    assert (status, body) == (200, b"/tea")
    assert ("set-cookie", "a=1") in headers
    assert ("set-cookie", "b=2") in headers


def test_lambda_by_event(make: Any) -> None:
    status, _, body, _ = make(LAMBDA, "handler").event('{"a": 1}', "id", 0.0)

    assert status == 200
    assert json.loads(body) == {"got": {"a": 1}, "name": "tea"}


def test_lambda_exception_is_described(make: Any) -> None:
    status, _, body, _ = make(LAMBDA, "handler").event('{"fail": 1}', "id", 0.0)

    failure = json.loads(body)
    assert status == 502
    assert failure["errorType"] == "KeyError"
    assert "user_module.py" in failure["stackTrace"][0]


def test_other_conventions_take_no_events(make: Any) -> None:
    assert make(WORKER, "Default").event("{}", "id", 0.0)[1] == "convention_mismatch\0"


@pytest.mark.parametrize(
    ("source", "attribute", "convention"),
    [
        (WORKER, "Default", "workers"),
        (ASGI, "app", "asgi"),
        (WSGI, "app", "wsgi"),
        (LAMBDA, "handler", "lambda"),
    ],
)
def test_the_convention_shows_in_the_object(make: Any, source: str, attribute: str, convention: str) -> None:
    assert make(source, attribute).convention == convention


def test_what_cannot_be_called_is_refused() -> None:
    with pytest.raises(TypeError, match="cannot be called"):
        detect(42)


def test_header_values_with_line_ends_are_refused() -> None:
    with pytest.raises(InvalidAnswerError):
        join_headers([("x", "a\r\nset-cookie: b")])


def test_a_result_without_status_code_is_answered_as_json() -> None:
    assert http_answer([1, 2]).body == b"[1, 2]"


def test_a_base64_body_is_decoded() -> None:
    answer = http_answer({"statusCode": "200", "body": "AAE=", "isBase64Encoded": True})

    assert answer.body == b"\x00\x01"


@pytest.fixture
def late(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LateFinder]:
    left, whole = tmp_path / "packages", tmp_path / "late"
    for folder, files in ((left, ["tea/__init__.py", "tea/a.py"]), (whole, ["tea/b.py", "cup.py"])):
        for name in files:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text("")
    (tmp_path / "late.ready").touch()
    finder = LateFinder(str(whole))
    monkeypatch.setattr(sys, "path", [str(left), *sys.path])
    monkeypatch.setattr(sys, "meta_path", [finder, *sys.meta_path])
    yield finder
    for name in [name for name in sys.modules if name.partition(".")[0] in {"tea", "cup"}]:
        del sys.modules[name]


def test_what_was_left_out_is_found_late(late: LateFinder, capsys: pytest.CaptureFixture[str]) -> None:
    import_module("tea.a")
    assert late.loaded == []

    import_module("tea.b")
    import_module("cup")

    assert late.loaded == ["tea.b", "cup"]
    assert "tea.b was loaded late" in capsys.readouterr().err
    with pytest.raises(ModuleNotFoundError):
        import_module("tea.absent")
    with pytest.raises(ModuleNotFoundError):
        import_module("absent")


def test_a_package_lists_what_was_left_out_too(late: LateFinder) -> None:
    package = import_module("tea")

    assert sorted(module.name for module in pkgutil.iter_modules(package.__path__)) == ["a", "b"]
    assert late.loaded == []


def test_a_rehearsal_leaves_nothing_behind(capsys: pytest.CaptureFixture[str]) -> None:
    rehearse(1)
    before = set(sys.modules), dict(os.environ)
    rehearse(3)
    assert (set(sys.modules), dict(os.environ)) == before
    assert capsys.readouterr() == ("", "")
