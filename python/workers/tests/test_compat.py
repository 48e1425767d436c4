"""Fixes for gaps of GraalPy."""

from __future__ import annotations

import re

import pytest

from workers._host._compat._digests import check_scrypt
from workers._host._compat._texts import Scanner, escaping_marks


@pytest.mark.parametrize(
    ("numbers", "reason"),
    [
        ((3, 8, 1), "power of 2"),
        ((1 << 15, 8, 1), "memory limit exceeded"),
        ((1 << 20, 8, 1, 1 << 40), "memory limit exceeded"),
        ((1 << 14, 8, 100), "too large"),
        ((1 << 14, 0, 1), "Invalid parameter"),
        ((1 << 17, 1, 1), "Invalid parameter"),
        ((2, 1, 200_000, 1 << 26, 1 << 20), "too large"),
        ((2, 8, 1000, 0, 64, 10 << 20), "too large"),
    ],
)
def test_scrypt_refuses(numbers: tuple[int, ...], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        check_scrypt(*numbers)


def test_scrypt_takes_werkzeugs_numbers() -> None:
    check_scrypt(1 << 15, 8, 1, 132 * 8 << 15)


@pytest.mark.parametrize("repl", [r"\[\]", r"\\[", r"\g<0>\.", r"a\-\n", "plain", r"\1\*", r"\_"])
def test_escaped_marks_mean_the_same_as_in_cpython(repl: str) -> None:
    assert escaping_marks(re.sub)("(x)", repl, "x") == re.sub("(x)", repl, "x")
    given, raw = repl.encode(), escaping_marks(re.subn)
    assert raw(b"(x)", given, b"x") == re.subn(b"(x)", given, b"x")


@pytest.mark.parametrize("text", ["let x = 12", "x=1.5;y", "", "?", "a\nb", "xx 1.5.5 let"])
@pytest.mark.parametrize("flags", [0, re.IGNORECASE])
def test_scanner_returns_the_same_as_cpythons(text: str, flags: int) -> None:
    lexicon = [
        (r"let\b", lambda _scanner, word: word.upper()),
        (r"[a-z]+", lambda scanner, word: (word, scanner.match.start())),
        (r"\d+\.\d+|\d+", lambda _scanner, digits: float(digits)),
        (r"=", "is"),
        (r"\s+", None),
    ]

    assert Scanner(lexicon, flags).scan(text) == re.Scanner(lexicon, flags).scan(text)  # type: ignore[attr-defined]
