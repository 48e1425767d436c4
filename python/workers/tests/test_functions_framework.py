import json
from typing import Any

import pytest
from conftest import Host
from functions_framework import create_app

SOURCE = """
import functions_framework
from functions_framework import errorhandler

calls = []

class Tea:
    def __init__(self, leaves):
        self.leaves = leaves
    @staticmethod
    def from_dict(given):
        return Tea(given["leaves"])
    def to_dict(self):
        return {"leaves": self.leaves}

@functions_framework.http
def hello(request):
    calls.append(request.path)
    if request.path == "/raise":
        return {}["tea"]
    if request.path == "/calls":
        return calls
    return {"path": request.path, "name": request.args.get("name"), "body": request.get_data().decode()}, 201

@functions_framework.typed(Tea)
def brew(tea):
    return Tea(tea.leaves + 1)

@functions_framework.cloud_event
def on_event(event):
    pass

@errorhandler(KeyError)
def missing(error):
    return f"no {error.args[0]}", 404

def plain(event, context):
    return "plain"
"""
STARLETTE = """
import functions_framework.aio

@functions_framework.aio.http
async def hello(request):
    return {"path": request.url.path, "body": (await request.body()).decode()}
"""
HTTP = [
    ("hello", "POST", "/a", "name=x", b"tea"),
    ("hello", "DELETE", "/", "", b""),
    ("hello", "GET", "/raise", "", b""),
    ("hello", "GET", "/favicon.ico", "", b""),
    ("brew", "POST", "/", "", b'{"leaves": 1}'),
    ("brew", "POST", "/", "", b"{}"),
    ("brew", "GET", "/", "", b""),
]


@pytest.mark.parametrize(("target", "method", "path", "query", "body"), HTTP)
def test_a_function_answers_as_under_the_frameworks_own_server(  # noqa: PLR0913, PLR0917 - parts of a request
    make: Any, call: Any, tmp_path: Any, target: str, method: str, path: str, query: str, body: bytes
) -> None:
    headers = "host\0tea.localhost\0content-type\0application/json\0"
    ours = call(make(SOURCE, target), path, method=method, query=query, headers=headers, body=body)

    client = create_app(target, tmp_path / "user_module.py").test_client()
    theirs = client.open(path, method=method, query_string=query, data=body, content_type="application/json")
    assert (ours[0], ours[2]) == (theirs.status_code, theirs.data)
    assert dict(ours[1])["Content-Type"] == theirs.content_type


@pytest.mark.parametrize("convention", ["auto", "wsgi"])
def test_a_probe_does_not_call_the_function(make: Any, call: Any, convention: str) -> None:
    instance = make(SOURCE, "hello", convention)
    instance.probe()

    assert json.loads(call(instance, "/calls")[2]) == ["/calls"]


def test_a_function_that_takes_events_is_refused(make: Any) -> None:
    with pytest.raises(TypeError, match=r"on_event takes events .* Decorate it with"):
        make(SOURCE, "on_event")


def test_a_function_without_decorator_is_called_by_its_own_convention(
    make: Any, call: Any, host: Host
) -> None:
    assert call(make(SOURCE, "plain"), kind="event", body=b"{}")[2] == b'"plain"'
    assert not host.stderr


def test_an_asynchronous_function_gets_starlettes_request(make: Any, call: Any) -> None:
    instance = make(STARLETTE, "hello")
    status, _, body = call(instance, "/a", method="POST", body=b"tea", root_path="")

    assert instance.convention == "asgi"
    assert (status, json.loads(body)) == (200, {"path": "/a", "body": "tea"})
