"""What mends of GraalPy's gaps refuse."""

from __future__ import annotations

import pytest

from workers._host._compat import check_scrypt


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


def test_scrypt_takes_what_werkzeug_gives() -> None:
    check_scrypt(1 << 15, 8, 1, 132 * 8 << 15)
