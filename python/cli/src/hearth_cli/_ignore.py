"""Decides which files of a project are uploaded.

The last pattern that fits a file decides: first those of .gitignore files, then Hearth's own, then those of
.hearthignore. What `keep` in [tool.hearth.build] names is uploaded in any case.
"""

from __future__ import annotations

import codecs
import fnmatch
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pathspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

GITIGNORE = ".gitignore"
HEARTHIGNORE = ".hearthignore"
HEARTH = "Hearth"

# Folders of tools, which may hold many thousand files.
_TOOLS = (
    ".git",
    ".hg",
    ".svn",
    ".venv",
    "venv",
    "__pycache__",
    ".hearth",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
    "node_modules",
)
_SECRETS = (".env", ".env.*")
_NO_SECRETS = (".env.example", ".env.sample", ".env.template", ".env.dist")
_HEARTHS_LINES = (
    *(f"{name}/" for name in _TOOLS),
    "*.pyc",
    *_SECRETS,
    *(f"!{name}" for name in _NO_SECRETS),
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def is_secret(name: str) -> bool:
    """Return true for files that usually hold passwords, such as .env."""
    return name not in _NO_SECRETS and any(fnmatch.fnmatchcase(name, pattern) for pattern in _SECRETS)


@dataclass(frozen=True, slots=True)
class Rules:
    """The patterns of one upload."""

    _spec: pathspec.GitIgnoreSpec
    # Each pattern after the file that it is from.
    _patterns: Sequence[tuple[str, str]]
    _kept: Sequence[tuple[str, re.Pattern[str]]]

    @staticmethod
    def of(folder: Path, keep: Iterable[str]) -> Rules:
        """Read the patterns of a folder; `keep` is that of [tool.hearth.build]."""
        patterns = [
            *_patterns(GITIGNORE, _lines(folder / GITIGNORE)),
            *_patterns(HEARTH, _HEARTHS_LINES),
            *_patterns(HEARTHIGNORE, _lines(folder / HEARTHIGNORE)),
        ]
        return Rules._with(patterns, [(pattern, _expression(pattern)) for pattern in keep])

    @staticmethod
    def _with(patterns: Sequence[tuple[str, str]], kept: Sequence[tuple[str, re.Pattern[str]]]) -> Rules:
        spec = pathspec.GitIgnoreSpec.from_lines(pattern for _, pattern in patterns)
        return Rules(spec, patterns, kept)

    def below(self, path: str, folder: Path) -> Rules:
        """Return the rules for a folder of the project, which may have a .gitignore of its own."""
        own = _patterns(
            f"{path}/{GITIGNORE}", (_of_folder(path, line) for line in _lines(folder / GITIGNORE))
        )
        if not own:
            return self
        at = next(at for at, (source, _) in enumerate(self._patterns) if source == HEARTH)
        return Rules._with([*self._patterns[:at], *own, *self._patterns[at:]], self._kept)

    def leaves_out(self, path: str) -> str | None:
        """Return the source of the pattern that leaves a file out, or None if it is uploaded."""
        checked = self._spec.check_file(path)
        if not checked.include or self._keeps(path):
            return None
        return HEARTH if checked.index is None else self._patterns[checked.index][0]

    def _keeps(self, path: str) -> bool:
        name = path.rpartition("/")[2]
        return any(
            expression.fullmatch(path) and (not is_secret(name) or ".env" in pattern)
            for pattern, expression in self._kept
        )

    def enters(self, folder: str) -> bool:
        """Return true if files of a folder may be uploaded, or are worth naming if they are not.

        The folders of tools are entered only if a pattern of the user's names them.
        """
        name = folder.rpartition("/")[2]
        if name not in _TOOLS:
            return True
        own = [
            pattern
            for source, pattern in self._patterns
            if source == HEARTHIGNORE and pattern.startswith("!")
        ]
        named = own + [pattern for pattern, _ in self._kept]
        return any(name in pattern.lstrip("!").split("/") for pattern in named)


def _patterns(source: str, lines: Iterable[str]) -> list[tuple[str, str]]:
    return [(source, line) for line in lines if line.strip() and not line.startswith("#")]


def _of_folder(path: str, line: str) -> str:
    """Return a line of a folder's .gitignore as a line of the project's."""
    mark = "!" if line.startswith("!") else ""
    pattern = line.removeprefix("!")
    if not pattern.strip() or pattern.startswith("#"):
        return ""
    above = re.sub(r"([\\*?\[])", r"\\\1", path)
    is_anchored = "/" in pattern.rstrip().rstrip("/")
    return f"{mark}/{above}/{pattern.lstrip('/')}" if is_anchored else f"{mark}/{above}/**/{pattern}"


def _lines(file: Path) -> list[str]:
    """Return the lines of an ignore file; bytes that are no UTF-8 are those of file names."""
    if not file.is_file():
        return []
    content = file.read_bytes()
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, errors="replace").splitlines()
    return content.decode("utf-8", errors="surrogateescape").splitlines()


def _expression(pattern: str) -> re.Pattern[str]:
    """Return what a pattern of `keep` matches: a path, a folder with its content, a module."""
    given = pattern.strip("/")
    meant = [given] if "/" in given or "*" in given else [given, given.replace(".", "/")]
    alternatives = "|".join(
        re.escape(one).replace(r"\*\*", ".*").replace(r"\*", "[^/]*").replace(r"\?", "[^/]") for one in meant
    )
    return re.compile(rf"(?:{alternatives})(?:\.py|/.*)?", re.DOTALL)
