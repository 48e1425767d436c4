"""HTTP headers, named after the Fetch standard."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


class Headers:
    """HTTP headers in order; names compare without case and may come several times."""

    def __init__(self, items: Mapping[str, str] | Iterable[tuple[str, str]] = ()) -> None:
        """Copy the headers from a mapping or from pairs."""
        # isinstance with an abstract class is too slow here.
        pairs: Iterable[tuple[str, str]] = items.items() if hasattr(items, "items") else items  # type: ignore[union-attr, assignment]
        self._items: list[tuple[str, str]] = [(str(name), str(value)) for name, value in pairs]

    def get(self, name: str, default: str | None = None) -> str | None:
        """Return the values of a header, joined by comma, or the default."""
        values = self.get_all(name)
        return ", ".join(values) if values else default

    def get_all(self, name: str) -> list[str]:
        """Return each value of a header."""
        wanted = name.lower()
        return [value for key, value in self._items if key.lower() == wanted]

    def set(self, name: str, value: str) -> None:
        """Set a header; replace all its values."""
        wanted = name.lower()
        self._items = [pair for pair in self._items if pair[0].lower() != wanted]
        self._items.append((name, str(value)))

    def append(self, name: str, value: str) -> None:
        """Add a further value to a header, as Set-Cookie needs."""
        self._items.append((name, str(value)))

    def items(self) -> list[tuple[str, str]]:
        """Return the pairs in order."""
        return list(self._items)

    def keys(self) -> list[str]:
        """Return the names in order; one that came several times is there as often."""
        return [name for name, _ in self._items]

    def values(self) -> list[str]:
        """Return the values in order."""
        return [value for _, value in self._items]

    def __getitem__(self, name: str) -> str:
        """Return the same as `get`; raise KeyError if there is no such header."""
        value = self.get(name)
        if value is None:
            raise KeyError(name)
        return value

    def __contains__(self, name: object) -> bool:
        """Return True if there is such a header."""
        return isinstance(name, str) and bool(self.get_all(name))

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names."""
        return iter(self.keys())

    def __len__(self) -> int:
        """Count the pairs."""
        return len(self._items)


def split_headers(joined: str) -> list[tuple[str, str]]:
    r"""Split `name\0value\0…` into pairs."""
    parts = joined.split("\0")
    return list(zip(parts[0:-1:2], parts[1::2], strict=True))


class ReceivedHeaders(Headers):
    r"""Headers received as `name\0value\0…`, split only when they are read."""

    def __init__(self, joined: str) -> None:  # pyright: ignore[reportMissingSuperCall]
        """Keep the text."""
        self._joined = joined

    @cached_property
    def _items(self) -> list[tuple[str, str]]:  # type: ignore[override]
        return split_headers(self._joined)

    @property
    def untouched(self) -> str | None:
        """Return the text as received, or None if the headers were read and may have changed."""
        return None if "_items" in self.__dict__ else self._joined
