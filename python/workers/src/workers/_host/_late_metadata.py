"""Metadata of distributions whose layers arrive after the start."""

from __future__ import annotations

import re
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from os import PathLike

    from workers._host._late import LateFinder


def distributions(
    finder: LateFinder,
    expected: Sequence[dict[str, Any]],
    context: metadata.DistributionFinder.Context | None,
) -> Iterable[metadata.Distribution]:
    """Return the distributions that match a search; none if it is limited to other folders."""
    name: str | None = getattr(context, "name", None)
    path = getattr(context, "path", sys.path)
    wanted = None if name is None else _normalized(name)
    if path != sys.path:
        return []
    return [LateDistribution(finder, each) for each in expected if wanted in {None, each["name"]}]


def _normalized(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


class LateDistribution(metadata.Distribution):
    """One distribution. Name, version and entry points are known; other metadata waits until it arrives."""

    def __init__(self, finder: LateFinder, known: dict[str, Any]) -> None:
        """Keep what is known."""
        self._finder = finder
        self._known = known

    @property
    def name(self) -> str:
        """The name, normalized."""
        return self._known["name"]

    @property
    def version(self) -> str:
        """The version."""
        return self._known["version"]

    @property
    def _normalized_name(self) -> str:
        return self.name.replace("-", "_")

    def read_text(self, filename: str | PathLike[str]) -> str | None:
        """Return the text of a file of the distribution's `*.dist-info`."""
        if str(filename) == "entry_points.txt":
            return "\n".join(self._entry_points()) or None
        self._finder.await_complete()
        for info in Path(self._finder.folder).glob("*.dist-info"):
            if _normalized(info.name.partition("-")[0]) == self.name:
                file = info / filename
                return file.read_text("utf-8") if file.is_file() else None
        return None

    def _entry_points(self) -> Iterator[str]:
        for group, lines in self._known["entryPoints"].items():
            yield f"[{group}]"
            yield from lines

    def locate_file(self, path: str | PathLike[str]) -> Any:  # noqa: ANN401 - as in typeshed
        """Return the path of a file of the distribution."""
        self._finder.await_complete()
        return Path(self._finder.folder) / path
