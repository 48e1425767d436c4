"""Entries that make the application."""

from __future__ import annotations

from typing import Any

import pytest

from workers._host._factory import made


def application() -> None:
    """Stand for what factories make."""


def create_app() -> Any:
    return application


def create_with_one(config: str | None = None) -> Any:
    return config or application


def create_with_two(config: str = "", *, debug: bool = False, **more: Any) -> Any:
    return config or debug or more or application


@pytest.mark.parametrize("factory", [create_app, create_with_one, create_with_two])
def test_a_function_that_needs_no_arguments_is_called(factory: Any) -> None:
    assert made(factory) is application


def handler(event: Any = None, context: Any = None) -> Any:
    return event, context


def process(event: Any = None, context: Any = None) -> Any:
    return event, context


def decorated(*arguments: Any, **more: Any) -> Any:
    return arguments, more


def wsgi(environ: Any, start_response: Any, debug: bool = False) -> Any:  # noqa: FBT001, FBT002
    return environ, start_response, debug


class Application:
    def __call__(self) -> None:
        """Answer nothing."""


@pytest.mark.parametrize("entry", [handler, process, decorated, wsgi, Application, Application()])
def test_what_takes_calls_is_not_called(entry: Any) -> None:
    assert made(entry) is entry


def test_a_factory_that_makes_nothing_is_refused() -> None:
    def main() -> None:
        """Make nothing."""

    with pytest.raises(TypeError, match=r"the entry main takes no arguments, .* but it returned None"):
        made(main)


def test_an_asynchronous_factory_is_refused() -> None:
    async def create_app() -> Any:
        return application

    with pytest.raises(TypeError, match=r"create_app .* is asynchronous"):
        made(create_app)
