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
    """Looks where every finder looks, and then into the folder that holds everything.

    A package's path gets its other half from that folder, so that whoever lists a package's modules sees
    all of them. Packages that no import leads to come into the folder after the start.
    """

    def __init__(self, folder: str) -> None:
        """Keep the folder; packages that come later are in it when the file `FOLDER.ready` is there."""
        self._folder = folder
        self._ready = Path(folder + ".ready")
        self._complete = False
        self._deadline = 0.0
        self.loaded: list[str] = []

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find a module."""
        spec = PathFinder.find_spec(fullname, path)
        if spec is None and path is None and fullname not in sys.stdlib_module_names:
            self._await_complete()
            spec = PathFinder.find_spec(fullname, [self._folder])
        if spec is None:
            return None
        if spec.origin is not None and spec.origin.startswith(self._folder + "/"):
            self._warn(fullname)
        elif spec.submodule_search_locations is not None:
            spec.submodule_search_locations.append(f"{self._folder}/{fullname.replace('.', '/')}")
        return spec

    def _warn(self, fullname: str) -> None:
        if fullname not in self.loaded:
            self.loaded.append(fullname)
            sys.stderr.write(
                f"hearth: {fullname} was loaded late: the build found no import that leads to it; "
                f'add "{fullname}" to [tool.hearth.build] keep\n'
            )

    def _await_complete(self) -> None:
        # Waited for once: what did not come by then is not waited for at every import.
        self._deadline = self._deadline or time.monotonic() + _PATIENCE_SECONDS
        while not self._complete:
            self._complete = self._ready.exists()
            if not self._complete:
                if time.monotonic() > self._deadline:
                    return
                time.sleep(_PAUSE_SECONDS)
