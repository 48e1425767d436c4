"""Building wheels for the platform's interpreter."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from hearth_cli._build import clone_command
from hearth_cli._errors import HearthError

if TYPE_CHECKING:
    from collections.abc import Iterable


def build_wheel(requirement: str, out: Path, options: Iterable[tuple[str, str]]) -> Path:
    """Build a wheel with GraalPy's pip into a folder and return it."""
    command = clone_command("building a wheel", "build-wheel", requirement, "--out", str(out))
    for option in options:
        command += option
    built = subprocess.run(command, stdout=subprocess.PIPE, check=False, text=True)  # noqa: S603 - our own script
    if built.returncode != 0:
        message = f"{requirement} was not built."
        raise HearthError(message, "the reason is above")
    return Path(built.stdout.strip())
