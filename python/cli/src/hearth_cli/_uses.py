"""Finds out which files that an upload leaves out are used by its code."""

from __future__ import annotations

import ast
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

_LARGEST = 1 << 20
_MOST_MODULES = 2_000
_LONGEST_TEXT = 300
_ROOTS = ("", "src/")
# Calls and keywords whose arguments are paths, also without a slash or an ending.
_OF_PATHS = frozenset(
    {
        "FileSystemLoader",
        "Jinja2Templates",
        "Path",
        "PurePath",
        "StaticFiles",
        "glob",
        "join",
        "joinpath",
        "listdir",
        "open",
        "scandir",
        "send_from_directory",
    }
)
_PATH_KEYWORDS = frozenset({"directory", "searchpath", "static_folder", "template_folder"})


@dataclass(slots=True)
class Uses:
    """What code imports and names, with the file that does so."""

    modules: dict[str, str] = field(default_factory=dict[str, str])
    # Texts that name files: with a slash or an ending, or as part of a path.
    paths: dict[str, str] = field(default_factory=dict[str, str])
    folders: set[str] = field(default_factory=set[str])


def used(left_out: Iterable[str], uploaded: Mapping[str, Path]) -> dict[str, str]:
    """Return the paths that are left out but used, each with the file that uses it.

    A folder stands for all its files if the code names the folder alone.
    """
    missing = [path for path in left_out if not _is_present(path, uploaded)]
    if not missing:
        return {}
    uses = _uses(uploaded)
    found: dict[str, str] = {}
    for path in missing:
        user = _importer(path, uses) if path.endswith(".py") else None
        if user is not None:
            found[path] = user
            continue
        for part in _ways(path):
            user = _namer(part, uses)
            if user is not None and (part == path or not _holds(part, uploaded)):
                found[part] = user
                break
    return found


def _is_present(path: str, uploaded: Mapping[str, Path]) -> bool:
    """Return true if a module is uploaded in another form."""
    stem = path.removesuffix(".py")
    return path.endswith(".py") and (f"{stem}/__init__.py" in uploaded or f"src/{path}" in uploaded)


def _holds(folder: str, uploaded: Mapping[str, Path]) -> bool:
    return any(path.startswith(folder + "/") for path in uploaded)


def _ways(path: str) -> Iterator[str]:
    """Yield a file and the folders that lead to it, innermost first."""
    while path:
        yield path
        path = path.rpartition("/")[0]


def _importer(path: str, uses: Uses) -> str | None:
    for root in _ROOTS:
        if path.startswith(root):
            module = path[len(root) :].removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            if module in uses.modules:
                return uses.modules[module]
    return None


def _namer(path: str, uses: Uses) -> str | None:
    """Return the file that names a path: as one text, or name by name below a folder of code."""
    for start in _starts(path):
        end = path[start:]
        if end in uses.paths and (start == 0 or "/" in end):
            return uses.paths[end]
    above, _, name = path.rpartition("/")
    if name not in uses.paths:
        return None
    while above and above not in uses.folders:
        above, _, part = above.rpartition("/")
        if part not in uses.paths:
            return None
    return uses.paths[name]


def _starts(path: str) -> Iterator[int]:
    start = 0
    while True:
        yield start
        start = path.find("/", start) + 1
        if start == 0:
            return


def _uses(uploaded: Mapping[str, Path]) -> Uses:
    uses = Uses()
    modules = [path for path in uploaded if path.endswith(".py")]
    for path in modules[:_MOST_MODULES]:
        file = uploaded[path]
        if file.stat().st_size > _LARGEST:
            continue
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse(file.read_bytes())
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            # The build reports it.
            continue
        uses.folders.add(path.rpartition("/")[0])
        _read(tree, path, uses)
    return uses


def _read(tree: ast.Module, path: str, uses: Uses) -> None:
    package = path.removeprefix("src/").rpartition("/")[0].split("/") if "/" in path else []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                _import(alias.name, path, uses)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*(part for part in base if part), *([node.module] if node.module else [])])
            for alias in node.names:
                _import(f"{module}.{alias.name}".strip("."), path, uses)
        elif isinstance(node, ast.Constant):
            text = _text(node)
            if "/" in text or "." in text.strip("."):
                uses.paths.setdefault(text, path)
        else:
            for text in _path_parts(node):
                uses.paths.setdefault(text, path)


def _import(module: str, path: str, uses: Uses) -> None:
    """Note a module and the packages above it, which an import loads too."""
    while module:
        uses.modules.setdefault(module, path)
        module = module.rpartition(".")[0]


def _path_parts(node: ast.AST) -> Iterator[str]:
    """Yield the texts that a `/` or a call on paths joins."""
    parts: list[ast.expr] = []
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        parts = [node.left, node.right]
    elif isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        parts = [word.value for word in node.keywords if word.arg in _PATH_KEYWORDS]
        if name in _OF_PATHS:
            parts += node.args
    for part in parts:
        text = _text(part)
        if text:
            yield text


def _text(node: ast.AST) -> str:
    """Return the text of a constant as a relative path."""
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        return ""
    return node.value.removeprefix("./").strip("/") if len(node.value) <= _LONGEST_TEXT else ""
