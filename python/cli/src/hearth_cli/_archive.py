"""Packs a project for upload."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from hearth_cli._errors import HearthError
from hearth_cli._files import walk
from hearth_cli._ignore import Rules, is_secret
from hearth_cli._uses import used
from hearth_cli._workspace import FILE, kept, naming, workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from hearth_cli._files import Files

_MARKERS = ("pyproject.toml", "requirements.txt")
_BLOCK = b"# /// script"
_MOST_NAMED = 10


def pack(project: Path, tell: Callable[[str], None]) -> bytes:
    """Return a zip of a project, which is a folder or a script.

    Files that .gitignore or .hearthignore name are left out. A member of a workspace comes with its
    workspace. `tell` gets sentences about what the user may not expect.

    Raise HearthError if the path is no project.
    """
    if project.suffix == ".py" and project.is_file():
        return _pack_script(project)
    if not project.is_dir():
        message = f"{project} is neither a folder nor a Python script."
        raise HearthError(message, "name the folder that holds pyproject.toml")
    if not any((project / name).is_file() for name in _MARKERS):
        message = f"there is no pyproject.toml in {project}."
        raise HearthError(message, "`uv init` makes one; a requirements.txt works as well")
    root = workspace(project)
    if root is None:
        return _pack_folder(project, kept(project), {}, tell)
    member = project.resolve().relative_to(root).as_posix()
    patterns = kept(root) + kept(project)
    below = [f"{member}/{pattern}" for pattern in patterns if "/" in pattern or "*" in pattern]
    return _pack_folder(root, [*patterns, *below], {FILE: naming(root, project)}, tell)


def _pack_script(script: Path) -> bytes:
    content = script.read_bytes()
    if _BLOCK not in content:
        message = f"{script} has no `# /// script` block, which declares what a script needs."
        raise HearthError(
            message,
            f"`uv init --script {script}` adds one, and `uv add --script {script} NAME` a dependency; "
            "or deploy the folder of a project",
        )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_entry(script.name), content)
        lock = script.with_name(script.name + ".lock")
        if lock.is_file():
            archive.writestr(_entry(lock.name), lock.read_bytes())
    return buffer.getvalue()


def _pack_folder(
    folder: Path, keep: list[str], replaced: Mapping[str, bytes], tell: Callable[[str], None]
) -> bytes:
    files = walk(folder, Rules.of(folder, keep))
    for sentence in _sentences(files):
        tell(sentence)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, file in sorted(files.uploaded.items()):
            archive.writestr(_entry(name), replaced.get(name) or file.read_bytes())
    return buffer.getvalue()


def _sentences(files: Files) -> list[str]:
    """Return what the user may not expect of an upload."""
    sentences = [
        f"{path} is a link to {target}, whose files are uploaded" for path, target in files.linked.items()
    ]
    secrets = [path for path in files.left_out if is_secret(path.rpartition("/")[2])]
    sentences += [
        f"{path} is not uploaded, because such files hold secrets: set variables with --env, "
        f'or upload it with keep = ["{path}"] in [tool.hearth.build]'
        for path in secrets
    ]
    found = used([path for path in files.left_out if path not in secrets], files.uploaded)
    sentences += [
        f"{_source(path, files)} leaves out {path}, which {user} uses: to upload it, "
        f"write !{path}{'' if path in files.left_out else '/**'} into .hearthignore, "
        f'or keep = ["{path}"] into [tool.hearth.build]'
        for path, user in sorted(found.items())[:_MOST_NAMED]
    ]
    if len(found) > _MOST_NAMED:
        sentences.append(f"{len(found) - _MOST_NAMED} further files that the code uses are left out")
    return sentences


def _source(path: str, files: Files) -> str:
    """Return what leaves out a file, or a folder with all its files."""
    return files.left_out.get(path) or next(
        source for name, source in files.left_out.items() if name.startswith(path + "/")
    )


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o100644 << 16
    return entry
