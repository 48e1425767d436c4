"""Walks through a project and tells which files are uploaded, and which are left out and why."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from hearth_cli._errors import HearthError

if TYPE_CHECKING:
    from hearth_cli._ignore import Rules

# The platform takes no larger archive.
_MOST_FILES = 20_000
# An ignored folder may hold any number of files; so many are compared with the code.
_MOST_LEFT_OUT = 5_000


@dataclass(slots=True)
class Files:
    """The files of a project by their paths in the upload."""

    uploaded: dict[str, Path] = field(default_factory=dict[str, Path])
    # The source of the pattern by the path of each file that is left out.
    left_out: dict[str, str] = field(default_factory=dict[str, str])
    # The targets of linked folders outside of the project, by their paths in the upload.
    linked: dict[str, Path] = field(default_factory=dict[str, Path])


def walk(folder: Path, rules: Rules) -> Files:
    """List the files of a project; linked folders are followed.

    Raise HearthError for a link that contains itself, for a link without a target, and for too many files.
    """
    files = Files()
    root = folder.resolve()
    _Walk(root, files).enter(folder, "", (root,), rules, ignored=False)
    return files


@dataclass(frozen=True, slots=True)
class _Walk:
    root: Path
    files: Files

    def enter(self, folder: Path, path: str, above: tuple[Path, ...], rules: Rules, *, ignored: bool) -> None:
        """List a folder; `above` are the true paths of the folders that lead to it."""
        for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
            if ignored and len(self.files.left_out) >= _MOST_LEFT_OUT:
                return
            relative = f"{path}/{entry.name}" if path else entry.name
            if entry.is_dir():
                self._folder(entry, relative, above, rules, ignored=ignored)
            else:
                self._file(entry, relative, rules)

    def _folder(
        self, entry: os.DirEntry[str], relative: str, above: tuple[Path, ...], rules: Rules, *, ignored: bool
    ) -> None:
        out = ignored or rules.leaves_out(relative + "/") is not None
        if not rules.enters(relative) or (out and self._is_hopeless(entry)):
            return
        true = Path(entry.path).resolve()
        if entry.is_symlink() and not out:
            if true in above:
                message = f"{entry.path} is a link to a folder that contains it."
                raise HearthError(message, "remove it, or name it in .hearthignore")
            if not true.is_relative_to(self.root):
                self.files.linked[relative] = true
        below = rules if out else rules.below(relative, Path(entry.path))
        self.enter(Path(entry.path), relative, (*above, true), below, ignored=out)

    def _is_hopeless(self, entry: os.DirEntry[str]) -> bool:
        """Return true for an ignored folder without files worth naming: a link, an environment."""
        return entry.is_symlink() or (Path(entry.path) / "pyvenv.cfg").is_file()

    def _file(self, entry: os.DirEntry[str], relative: str, rules: Rules) -> None:
        source = rules.leaves_out(relative)
        if source is not None:
            self.files.left_out[relative] = source
            return
        if not entry.is_file():
            message = f"{entry.path} is neither a file nor a folder."
            raise HearthError(message, "remove it, or name it in .gitignore")
        self.files.uploaded[relative] = Path(entry.path)
        if len(self.files.uploaded) > _MOST_FILES:
            message = f"{self.root} has more than {_MOST_FILES:,} files to upload."
            raise HearthError(message, "name those that the function does not need in .hearthignore")
