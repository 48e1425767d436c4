import functools
from typing import Any

import flask
import pytest
from mangum import Mangum
from starlette.applications import Starlette
from starlette.middleware.cors import CORSMiddleware
from werkzeug.middleware.proxy_fix import ProxyFix

from workers._host._conventions import detect


def with_defaults(event: Any, context: Any, table: Any = None, *, region: str = "") -> Any: ...
def decorated(*args: Any, **kwargs: Any) -> Any: ...
def with_table(table: Any, event: Any, context: Any) -> Any: ...
def wsgi(env: Any, start_response: Any) -> Any: ...
def wsgi_with_default(environ: Any, start_response: Any, debug: Any = None) -> Any: ...
def plain_asgi(scope: Any, receive: Any, send: Any) -> Any: ...
async def asgi_with_default(scope: Any, receive: Any, send: Any, settings: Any = None) -> Any: ...
async def asynchronous(event: Any, context: Any) -> Any: ...


class Handler:
    def __call__(self, event: Any, context: Any) -> Any: ...
    def method(self, event: Any, _context: Any) -> Any: ...


class AsynchronousHandler:
    async def __call__(self, event: Any, context: Any) -> Any: ...


class Anything:
    def __call__(self, *args: Any) -> Any: ...


@pytest.mark.parametrize(
    ("entry", "convention"),
    [
        (with_defaults, "lambda"),
        (decorated, "lambda"),
        (asynchronous, "lambda"),
        (Handler(), "lambda"),
        (Handler().method, "lambda"),
        (AsynchronousHandler(), "lambda"),
        (functools.partial(with_table, {}), "lambda"),
        (functools.partial(with_defaults, table={}), "lambda"),
        (lambda event, _: event, "lambda"),
        (Mangum(Starlette()), "lambda"),
        (wsgi, "wsgi"),
        (wsgi_with_default, "wsgi"),
        (flask.Flask("tea"), "wsgi"),
        (ProxyFix(flask.Flask("tea")), "wsgi"),
        (functools.partial(wsgi), "wsgi"),
        (Anything(), "wsgi"),
        (plain_asgi, "asgi"),
        (asgi_with_default, "asgi"),
        (Starlette(), "asgi"),
        (CORSMiddleware(Starlette()), "asgi"),
    ],
)
def test_names_and_number_of_parameters_tell_the_convention(entry: Any, convention: str) -> None:
    assert detect(entry) == convention


def test_what_no_convention_can_call_is_refused_with_its_parameters() -> None:
    def hello(request: Any) -> Any: ...

    with pytest.raises(TypeError, match=r"hello\(request: .*\) cannot be called with \(event, context\)"):
        detect(hello)
