"""Fixes for gaps of GraalPy, each applied only while GraalPy has the gap.

`MENDED` lists those that were applied. An end-to-end test fails when GraalPy has closed a gap; then remove
its fix here.
"""

from __future__ import annotations

import hashlib
import re
import ssl
import sys
from abc import ABCMeta
from contextvars import ContextVar, copy_context
from functools import wraps
from importlib import import_module
from importlib.machinery import ExtensionFileLoader
from operator import index
from types import SimpleNamespace
from typing import TYPE_CHECKING, ClassVar, NoReturn, TypeVar

from workers._host import _refused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

    from typing_extensions import Buffer

T = TypeVar("T")

if TYPE_CHECKING:
    Action = Callable[["Scanner", str], object] | object

MENDED: list[str] = []

# An escape sequence, or (in the group) an escaped mark that needs no escape.
_ESCAPED = re.compile(r"\\(?:[\\0-9A-Za-z]|(.))", re.DOTALL)
_ESCAPED_BYTES = re.compile(rb"\\(?:[\\0-9A-Za-z]|(.))", re.DOTALL)

_MIB = 1 << 20
_SCRYPT_MEMORY = 32 * _MIB  # OpenSSL's default for maxmem
_SCRYPT_MOST_MEMORY = 64 * _MIB
_SCRYPT_MOST_WRITTEN = 1024 * _MIB  # takes some seconds and cannot be interrupted
_SCRYPT_MOST_HASHED = 256 * _MIB


def mend() -> None:
    """Fix the gaps of loaded modules now, and those of other modules when they are imported."""
    if not hasattr(ssl, "VERIFY_X509_PARTIAL_CHAIN"):
        # urllib3 imports it and has no TLS without it. The value is that of OpenSSL.
        ssl.VERIFY_X509_PARTIAL_CHAIN = 0x80000
        MENDED.append("ssl.VERIFY_X509_PARTIAL_CHAIN")
    name = "hostname_checks_common_name"
    checks: property = vars(ssl.SSLContext)[name]
    if checks.fset is None:
        # urllib3 sets it, and checks names itself if ssl.HAS_NEVER_CHECK_COMMON_NAME is false, as here.
        setattr(ssl.SSLContext, name, checks.setter(lambda _context, _wanted: None))
        MENDED.append(f"ssl.SSLContext.{name}")
    if re.sub("x", r"\[\]", "x") != r"\[\]":
        # A needless escape repeats the text before it. Methods of compiled patterns cannot be replaced.
        re.sub, re.subn = escaping_marks(re.sub), escaping_marks(re.subn)
        MENDED.append("re.sub")
    if hasattr(vars(import_module("_sre"))["compile"], "__code__"):
        # GraalPy's needs a native module of CPython, which is refused here or slow to load.
        re.Scanner = Scanner  # type: ignore[attr-defined]
        MENDED.append("re.Scanner")
    # The module exists, but its import raises an unexpected error.
    sys.modules["_crypt"] = None  # type: ignore[assignment]
    if sys.implementation.name == "graalpy":
        _refused.end_calls_not_processes()
        _refused.check_signals()
        sys.getsizeof = _refused.getsizeof
        MENDED.append("sys.getsizeof")
    sys.meta_path.insert(0, MendingFinder())


class MendingFinder:
    """Fixes modules right after they were executed, whichever finder found them."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find a module that has a fix."""
        mend_module = _AFTER_IMPORT.get(fullname)
        if mend_module is None:
            return None
        found = (each.find_spec(fullname, path, target) for each in sys.meta_path if each is not self)
        spec = next((each for each in found if each is not None), None)
        if spec is not None and spec.loader is not None:
            execute = spec.loader.exec_module

            def exec_module(module: ModuleType) -> None:
                execute(module)
                mend_module(module)

            spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


def forget_shapes(module: ModuleType) -> None:
    """Let instances of a module's metaclasses become their own class, as h11's sentinels do.

    GraalPy looks up `__new__` by the shape of a class. If interpreters share an engine, it finds one that it
    should skip, so the first and the third such assignment fail. A class that lost an attribute has no shape.
    """
    for value in list(vars(module).values()):
        if isinstance(value, type) and issubclass(value, type) and value.__module__ == module.__name__:
            value._hearth = None  # type: ignore[attr-defined]  # noqa: SLF001
            del value._hearth  # type: ignore[attr-defined]  # noqa: SLF001


def name_parser(module: ModuleType) -> None:
    """Give `xml.parsers.expat` the name of its parser's type."""
    if not hasattr(module, "XMLParserType"):
        module.XMLParserType = type(module.ParserCreate())  # type: ignore[attr-defined]


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


def name_variables(module: ModuleType) -> None:
    """Give structlog context variables with names, by which it recognises its own."""
    if not hasattr(ContextVar, "name"):
        module.contextvars = SimpleNamespace(  # type: ignore[attr-defined]
            ContextVar=NamedVariable, copy_context=NamedVariable.copy_context
        )


def name_python_abc(module: ModuleType) -> None:
    """Make `typing_extensions` recognise `_py_abc`, which is GraalPy's `abc`, as `abc`.

    A check of a class against a protocol with data raises TypeError unless `abc` is the caller.
    """
    caller: Callable[..., str | None] | None = getattr(module, "_caller", None)
    if caller is not None and hasattr(ABCMeta.__instancecheck__, "__code__"):

        def known_caller(depth: int = 1, default: str = "__main__") -> str | None:
            name = caller(depth + 1, default)
            return "abc" if name == "_py_abc" else name

        module._caller = known_caller  # type: ignore[attr-defined]  # noqa: SLF001


_AFTER_IMPORT: dict[str, Callable[[ModuleType], None]] = {
    "h11._util": forget_shapes,
    "multiprocessing.synchronize": _refused.refuse_semaphores,
    "structlog.contextvars": name_variables,
    "typing_extensions": name_python_abc,
    "xml.parsers.expat": name_parser,
}


def refuse_native() -> None:
    """Make the import of every native module raise ImportError, as importers of optional modules expect.

    Without native access GraalPy raises ImportError only in the first interpreter of a process, and
    SystemError in later ones.
    """

    def refuse(_loader: ExtensionFileLoader, spec: ModuleSpec) -> NoReturn:
        message = f"{spec.name} is a native module, which this function cannot load"
        raise ImportError(message, name=spec.name, path=spec.origin)

    ExtensionFileLoader.create_module = refuse  # type: ignore[method-assign]
    _refused.refuse_processes()


class Scanner:
    """`re.Scanner` as one pattern of alternatives; each phrase is a group with an action."""

    def __init__(self, lexicon: Sequence[tuple[str, Action]], flags: int = 0) -> None:
        """Keep the phrases and their actions."""
        self.lexicon = lexicon
        self.scanner = re.compile("|".join(f"({phrase})" for phrase, _ in lexicon), flags)
        self.match: re.Match[str] | None = None
        self._actions: dict[int, Action] = {}
        group = 1
        for phrase, action in lexicon:
            self._actions[group] = action
            group += 1 + re.compile(phrase, flags).groups

    def scan(self, string: str) -> tuple[list[object], str]:
        """Return the results of the actions for the phrases found, and the rest of the text."""
        results: list[object] = []
        position = 0
        while (found := self.scanner.match(string, position)) and found.end() > position:
            action = self._actions[found.lastindex or 0]
            if callable(action):
                self.match = found
                action = action(self, found.group())
            if action is not None:
                results.append(action)
            position = found.end()
        return results, string[position:]


def escaping_marks(substitute: Callable[..., T]) -> Callable[..., T]:
    r"""Return `re.sub` or `re.subn` for replacements with escaped marks: `\[` means what `\\[` does."""

    @wraps(substitute)
    def replaced(pattern: object, repl: object, *others: object, **named: object) -> T:
        if isinstance(repl, str) and "\\" in repl:
            repl = _ESCAPED.sub(lambda found: "\\" + found[0] if found[1] else found[0], repl)
        elif isinstance(repl, bytes) and b"\\" in repl:
            repl = _ESCAPED_BYTES.sub(lambda found: b"\\" + found[0] if found[1] else found[0], repl)
        return substitute(pattern, repl, *others, **named)

    return replaced


def mend_scrypt(derive: Callable[[bytes, bytes, int, int, int, int], str]) -> None:
    """Give `hashlib` its `scrypt`, which the host computes."""
    if hasattr(hashlib, "scrypt"):
        return

    def scrypt(  # noqa: PLR0913 - as hashlib has it
        password: Buffer, *, salt: Buffer, n: int, r: int, p: int, maxmem: int = 0, dklen: int = 64
    ) -> bytes:
        """Scrypt password-based key derivation function."""
        secret, grain = memoryview(password).tobytes(), memoryview(salt).tobytes()
        n, r, p, maxmem, dklen = map(index, (n, r, p, maxmem, dklen))
        check_scrypt(n, r, p, maxmem, dklen, len(grain))
        return derive(secret, grain, n, r, p, dklen).encode("latin-1")

    hashlib.scrypt = scrypt
    MENDED.append("hashlib.scrypt")


def check_scrypt(  # noqa: PLR0913, PLR0917
    n: int, r: int, p: int, maxmem: int = 0, dklen: int = 64, salt: int = 0
) -> None:
    """Raise ValueError for numbers that OpenSSL refuses or that would cost the host too much."""
    if n < 2 or n & (n - 1):  # noqa: PLR2004 - the least power of 2
        message = "n must be a power of 2."
        raise ValueError(message)
    if min(r, p, dklen) < 1 or maxmem < 0 or n.bit_length() > 16 * r:
        message = "Invalid parameter combination for n, r, p, maxmem."
        raise ValueError(message)
    needed = 128 * r * (n + 2 * p + 2)
    if needed > (maxmem or _SCRYPT_MEMORY) or needed > _SCRYPT_MOST_MEMORY:
        message = f"memory limit exceeded: {needed} bytes are needed; maxmem may be {_SCRYPT_MOST_MEMORY}"
        raise ValueError(message)
    if 128 * r * n * p > _SCRYPT_MOST_WRITTEN or 4 * r * p * max(salt, dklen) > _SCRYPT_MOST_HASHED:
        message = "p, dklen, or salt is too large"
        raise ValueError(message)
