"""Modules that the build left out because no import leads to them, found all the same, with a warning."""

from __future__ import annotations

import sys
import time
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

_PATIENCE_SECONDS = 30.0
_PAUSE_SECONDS = 0.05


class LateFinder:
    """The last finder of an instance: looks into the folder that holds everything."""

    def __init__(self, folder: str) -> None:
        """Keep the folder; it is complete when the file `FOLDER.ready` is there."""
        self._folder = folder
        self._ready = Path(folder + ".ready")
        self._complete = False
        self.loaded: list[str] = []

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find a module that is nowhere else."""
        self._await_complete()
        package = fullname.rpartition(".")[0].replace(".", "/")
        spec = PathFinder.find_spec(fullname, [f"{self._folder}/{package}" if package else self._folder])
        if spec is not None and spec.origin is not None:
            self.loaded.append(fullname)
            sys.stderr.write(
                f"hearth: {fullname} was loaded late: the build found no import that leads to it; "
                f'add "{fullname}" to [tool.hearth.build] keep\n'
            )
        return spec

    def _await_complete(self) -> None:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not self._complete:
            self._complete = self._ready.exists()
            if not self._complete:
                if time.monotonic() > deadline:
                    return
                time.sleep(_PAUSE_SECONDS)
