"""`hearth build`: makes an artifact on this machine, without a platform."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from hearth_cli._errors import HearthError
from hearth_cli._terminal import note

if TYPE_CHECKING:
    from hearth_cli._client import Json


def clone_command(what: str, *arguments: str) -> list[str]:
    """Return a command line of `./hearth`; raise HearthError outside of a clone of the repository."""
    hearth = os.environ.get("HEARTH_COMMAND")
    if not hearth:
        message = f"{what} needs a clone of Hearth's repository."
        raise HearthError(message, "clone it and run ./hearth there")
    return [hearth, *arguments]


def build(project: Path, out: Path, entry: str | None, find_links: Path | None) -> Json:
    """Write the artifact that the platform would make into a folder and return its report."""
    from hearth_cli._archive import pack  # noqa: PLC0415 - loads slowly

    command = clone_command("a build without a platform", "assemble")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hearth"
    archive = pack(project, note)
    with tempfile.TemporaryDirectory(prefix="hearth-build-") as folder:
        file = Path(folder) / "project.zip"
        file.write_bytes(archive)
        command += ["--archive", str(file), "--out", str(out), "--cache", str(cache)]
        if entry:
            command += ["--entry", entry]
        if find_links:
            command += ["--find-links", str(find_links)]
        built = subprocess.run(command, stdout=subprocess.PIPE, check=False)  # noqa: S603 - our own script
    if built.returncode != 0:
        message = f"{project} was not built."
        raise HearthError(message, "read the reason above")
    return json.loads((out / "report.json").read_text(encoding="utf-8"))
