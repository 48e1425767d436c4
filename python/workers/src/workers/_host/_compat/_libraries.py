"""Fixes for libraries that meet a gap of GraalPy."""

from __future__ import annotations

from abc import ABCMeta
from contextvars import ContextVar, copy_context
from types import SimpleNamespace
from typing import TYPE_CHECKING, ClassVar

from workers._host import _refused

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from types import ModuleType


def forget_shapes(module: ModuleType) -> Iterator[str]:
    """Let instances of a module's metaclasses become their own class, as h11's sentinels do.

    GraalPy looks up `__new__` by the shape of a class. If interpreters share an engine, it finds one that it
    should skip, so the first and the third such assignment fail. A class that lost an attribute has no shape.
    """
    for value in list(vars(module).values()):
        if isinstance(value, type) and issubclass(value, type) and value.__module__ == module.__name__:
            value._hearth = None  # type: ignore[attr-defined]  # noqa: SLF001
            del value._hearth  # type: ignore[attr-defined]  # noqa: SLF001
            yield f"{module.__name__}.{value.__name__}"


def name_parser(module: ModuleType) -> Iterator[str]:
    """Give `xml.parsers.expat` the name of its parser's type."""
    if not hasattr(module, "XMLParserType"):
        module.XMLParserType = type(module.ParserCreate())  # type: ignore[attr-defined]
        yield "xml.parsers.expat.XMLParserType"


class NamedVariable:
    """A context variable with its name."""

    made: ClassVar[list[NamedVariable]] = []

    def __init__(self, name: str, **default: object) -> None:
        """Create the variable."""
        self.name = name
        self.variable: ContextVar[object] = ContextVar(name, **default)
        self.get, self.set, self.reset = self.variable.get, self.variable.set, self.variable.reset
        NamedVariable.made.append(self)

    @staticmethod
    def copy_context() -> dict[NamedVariable, object]:
        """Return the variables that have a value in the current context."""
        context = copy_context()
        return {each: context[each.variable] for each in NamedVariable.made if each.variable in context}


def name_variables(module: ModuleType) -> Iterator[str]:
    """Give structlog context variables with names, by which it recognises its own."""
    if not hasattr(ContextVar, "name"):
        module.contextvars = SimpleNamespace(  # type: ignore[attr-defined]
            ContextVar=NamedVariable, copy_context=NamedVariable.copy_context
        )
        yield "structlog.contextvars"


def name_python_abc(module: ModuleType) -> Iterator[str]:
    """Make `typing_extensions` recognise `_py_abc`, which is GraalPy's `abc`, as `abc`.

    A check of a class against a protocol with data raises TypeError unless `abc` is the caller.
    """
    caller: Callable[..., str | None] | None = getattr(module, "_caller", None)
    if caller is not None and hasattr(ABCMeta.__instancecheck__, "__code__"):

        def known_caller(depth: int = 1, default: str = "__main__") -> str | None:
            name = caller(depth + 1, default)
            return "abc" if name == "_py_abc" else name

        module._caller = known_caller  # type: ignore[attr-defined]  # noqa: SLF001
        yield "typing_extensions.runtime_checkable"


def show_errors_at_once(module: ModuleType) -> Iterator[str]:
    """Let Starlette make the page of an error, in debug mode, in the thread where the error was raised.

    GraalPy cannot read a frame of the event loop's thread from another one while the loop waits for that one.
    """
    in_thread: Callable[..., Awaitable[object]] | None = getattr(module, "run_in_threadpool", None)
    if in_thread is not None:

        async def run(function: Callable[..., object], *given: object) -> object:
            is_page = getattr(function, "__name__", "") == "debug_response"
            return function(*given) if is_page else await in_thread(function, *given)

        module.run_in_threadpool = run  # type: ignore[attr-defined]
        yield "starlette.middleware.errors"


def refuse_semaphores(module: ModuleType) -> Iterator[str]:
    """Let the locks of `multiprocessing` say why they fail."""
    _refused.refuse_semaphores(module)
    yield "multiprocessing.synchronize.SemLock"
