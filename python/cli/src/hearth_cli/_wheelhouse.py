"""`hearth wheelhouse`: manages wheels that are built for GraalPy."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from hearth_cli._build import clone_command
from hearth_cli._errors import HearthError
from hearth_cli._terminal import connect, print_columns, read, say

if TYPE_CHECKING:
    from collections.abc import Iterable


def add(
    requirement: str,
    out: Path | None,
    tools: list[Path],
    allow_host: list[str],
    index: str | None,
) -> None:
    """Build a wheel with GraalPy's pip in a sandbox here and offer it to all builds. Takes minutes."""
    given = Path(requirement)
    if given.suffix == ".whl":
        wheel = given
    else:
        folder = out or Path(mkdtemp(prefix="hearth-wheelhouse-"))
        options = [("--tools", str(tool)) for tool in tools]
        options += [("--allow-host", host) for host in allow_host]
        options += [("--index", index)] if index else []
        wheel = _build_wheel(requirement, folder, options)
    if out is None:
        connect().add_wheel(wheel.name, read(wheel))
        say(f"{wheel.name} is offered to builds")
    sys.stdout.write(f"{wheel.name if out is None else wheel}\n")


def list_wheels() -> None:
    """List the wheels that are offered to builds."""
    wheels = connect().wheels()
    rows = [(each["file"], f"{each['bytes'] / 2**20:.1f}", each["addedAt"][:10]) for each in wheels]
    print_columns(("wheel", "MiB", "added"), *rows)


def remove(wheel: str) -> None:
    """Stop offering a wheel. Artifacts that contain it stay as they are."""
    connect().remove_wheel(wheel)


def _build_wheel(requirement: str, out: Path, options: Iterable[tuple[str, str]]) -> Path:
    """Build a wheel with GraalPy's pip into a folder and return it."""
    command = clone_command("building a wheel", "build-wheel", requirement, "--out", str(out))
    for option in options:
        command += option
    built = subprocess.run(command, stdout=subprocess.PIPE, check=False, text=True)  # noqa: S603 - our own script
    if built.returncode != 0:
        message = f"{requirement} was not built."
        raise HearthError(message, "read the reason above")
    return Path(built.stdout.strip())
