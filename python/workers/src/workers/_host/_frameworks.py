"""Sample applications of the frameworks that a function uses, called before a snapshot."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Method, path and query, body.
Asked = tuple[str, str, str, str]


def samples() -> Iterator[tuple[str, Callable[[], Callable[..., Any]], list[Asked]]]:
    """Yield convention, factory of an application, and requests for each framework that is loaded."""
    if "fastapi" in sys.modules and "pydantic" in sys.modules:
        yield (
            "asgi",
            _fastapi,
            [("GET", "/of/1", "name=a", ""), ("GET", "/sync", "", ""), ("POST", "/", "", '{"name": "a"}')],
        )
    if "flask" in sys.modules:
        yield "wsgi", _flask, [("GET", "/of/1", "name=a", ""), ("POST", "/", "", '{"name": "a"}')]


def _fastapi() -> Callable[..., Any]:
    model: Any = sys.modules["pydantic"].create_model("Sample", name=(str, ...), number=(int, 1))
    app: Any = sys.modules["fastapi"].FastAPI()

    async def one(number: Any, name: Any = "") -> Any:  # noqa: ANN401 - annotated below, for FastAPI
        return model(name=name, number=number)

    def sync() -> Any:  # noqa: ANN401
        return {"name": "a"}

    async def body(sample: Any) -> Any:  # noqa: ANN401
        return sample

    one.__annotations__ = {"number": int, "name": str, "return": model}
    sync.__annotations__ = {"return": dict[str, str]}
    body.__annotations__ = {"sample": model, "return": model}
    app.get("/of/{number}")(one)
    app.get("/sync")(sync)
    app.post("/")(body)

    async def without_lifespan(scope: dict[str, Any], receive: Any, send: Any) -> None:  # noqa: ANN401
        if scope["type"] == "http":
            await app(scope, receive, send)

    return without_lifespan


def _flask() -> Callable[..., Any]:
    flask: Any = sys.modules["flask"]
    app: Any = flask.Flask("hearth_sample")

    def one(number: int) -> Any:  # noqa: ANN401
        return flask.jsonify(name=flask.request.args.get("name"), number=number)

    def body() -> Any:  # noqa: ANN401
        return flask.request.get_json()

    app.get("/of/<int:number>")(one)
    app.post("/")(body)
    return app
