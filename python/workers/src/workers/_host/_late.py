"""Finds modules that the build left out because no import leads to them, and warns."""

from __future__ import annotations

import json
import sys
import time
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from importlib.metadata import Distribution, DistributionFinder
    from types import ModuleType

_PATIENCE_SECONDS = 30.0
_PAUSE_SECONDS = 0.05


class LateFinder:
    """Searches `sys.path`, and then the folder that holds the modules that were left out.

    The folder's part of a package is added to the package's path, so that listing a package shows all of its
    modules. Distributions that no import leads to arrive in the folder after the start; their names are known
    before.
    """

    def __init__(self, folder: str, tell: Callable[[str], None]) -> None:
        """Keep the folder. `FOLDER.json` lists what will arrive; `FOLDER.ready` exists when it has arrived.

        `tell` is called once for each module that is found there, with its name.
        """
        self.folder = folder
        self._tell = tell
        self._ready = Path(folder + ".ready")
        self._complete = False
        self._deadline = 0.0
        self.loaded: list[str] = []
        names = Path(folder + ".json")
        # Artifacts of older builds have no list: then any module may arrive.
        self._knows = names.exists()
        self._expected: list[dict[str, Any]] = json.loads(names.read_bytes()) if self._knows else []
        self._modules = {module for each in self._expected for module in each["modules"]}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find a module."""
        spec = PathFinder.find_spec(fullname, path)
        if spec is None:
            if fullname.partition(".")[0] in self._modules or self._is_unknown(fullname):
                self.await_complete()
                # The path of a namespace contains this folder already.
                spec = PathFinder.find_spec(fullname, [self.folder] if path is None else path)
            elif path is None and fullname not in sys.stdlib_module_names:
                spec = PathFinder.find_spec(fullname, [self.folder])
        if spec is None:
            return None
        if spec.origin is not None and spec.origin.startswith(self.folder + "/"):
            self._warn(fullname)
        elif spec.submodule_search_locations is not None:
            half = f"{self.folder}/{fullname.replace('.', '/')}"
            if spec.origin is not None or self._may_come(fullname) or Path(half).is_dir():
                spec.submodule_search_locations.append(half)
        return spec

    def _may_come(self, namespace: str) -> bool:
        """Return True if a part may arrive later; `importlib.resources` refuses folders that do not exist."""
        return not self._complete and (not self._knows or namespace.partition(".")[0] in self._modules)

    def _is_unknown(self, fullname: str) -> bool:
        return not self._knows and "." not in fullname and fullname not in sys.stdlib_module_names

    def find_distributions(self, context: DistributionFinder.Context | None = None) -> Iterable[Distribution]:
        """Find distributions that no import leads to; `importlib.metadata` asks every finder."""
        from workers._host._late_metadata import distributions  # noqa: PLC0415 - importlib.metadata is slow

        return distributions(self, self._expected, context)

    def _warn(self, fullname: str) -> None:
        if fullname not in self.loaded:
            self.loaded.append(fullname)
            self._tell(fullname)
            sys.stderr.write(
                f"hearth: {fullname} was loaded late: the build found no import that leads to it; "
                f'add "{fullname}" to [tool.hearth.build] keep\n'
            )

    def await_complete(self) -> None:
        """Wait until everything has arrived; after a time-out, do not wait again."""
        self._deadline = self._deadline or time.monotonic() + _PATIENCE_SECONDS
        while not self._complete:
            self._complete = self._ready.exists()
            if not self._complete:
                if time.monotonic() > self._deadline:
                    return
                time.sleep(_PAUSE_SECONDS)
            else:
                for known in [path for path in sys.path_importer_cache if path.startswith(self.folder)]:
                    del sys.path_importer_cache[known]
