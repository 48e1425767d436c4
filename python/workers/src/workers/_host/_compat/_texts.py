"""Fixes of `re` and `json`."""

from __future__ import annotations

import json
import re
from functools import wraps
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import ModuleType

    Action = Callable[["Scanner", str], object] | object

T = TypeVar("T")

# An escape sequence, or (in the group) an escaped mark that needs no escape.
_ESCAPED = re.compile(r"\\(?:[\\0-9A-Za-z]|(.))", re.DOTALL)
_ESCAPED_BYTES = re.compile(rb"\\(?:[\\0-9A-Za-z]|(.))", re.DOTALL)
# Half of a surrogate pair: a high one without a low one after it, or a low one without a high one before it.
_HIGH, _LOW = r"\\u[dD][89abAB][0-9a-fA-F]{2}", r"\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_LONE = re.compile(rf"{_HIGH}(?!{_LOW})|(?<!{_HIGH}){_LOW}")


def mend_re(module: ModuleType) -> Iterator[str]:
    """Let replacements escape marks that need no escape, and give `re.Scanner` without native code."""
    if re.sub("x", r"\[\]", "x") != r"\[\]":
        # A needless escape repeats the text before it. Methods of compiled patterns cannot be replaced.
        re.sub, re.subn = escaping_marks(re.sub), escaping_marks(re.subn)
        yield "re.sub"
    if hasattr(vars(import_module("_sre"))["compile"], "__code__"):
        # GraalPy's needs a native module of CPython, which is refused here or slow to load.
        module.Scanner = Scanner  # type: ignore[attr-defined]
        yield "re.Scanner"


def mend_json(module: ModuleType) -> Iterator[str]:
    """Let `json` keep halves of surrogate pairs, which GraalPy drops."""
    if json.loads(r'"\ud83d"'):
        return
    scanners: Any = import_module("json.scanner")
    decoders: Any = import_module("json.decoder")
    scanners.make_scanner = keeping_surrogates(scanners.make_scanner, scanners.py_make_scanner)
    decoders.scanstring = decoders.py_scanstring
    known: Any = vars(module)["_default_decoder"]
    known.parse_string = decoders.scanstring
    known.scan_once = scanners.make_scanner(known)
    yield "json.loads"


def keeping_surrogates(
    make: Callable[[Any], Any], make_slow: Callable[[Any], Any]
) -> Callable[[Any], Callable[[str, int], tuple[Any, int]]]:
    """Return a `make_scanner` whose scanners read texts with half a surrogate pair by Python's own code."""

    @wraps(make)
    def make_scanner(context: Any) -> Callable[[str, int], tuple[Any, int]]:  # noqa: ANN401 - a JSONDecoder
        fast = make(context)

        def scan_once(string: str, idx: int) -> tuple[Any, int]:
            if ("\\ud" not in string and "\\uD" not in string) or not _LONE.search(string):
                return fast(string, idx)
            return make_slow(context)(string, idx)

        return scan_once

    return make_scanner


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
