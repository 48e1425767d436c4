"""`hearth wheelhouse`: manages wheels that are built for GraalPy."""

from __future__ import annotations

import subprocess
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Column, Table

from hearth_cli._build import clone_command
from hearth_cli._errors import HearthError
from hearth_cli._terminal import connect, read, stderr, stdout

if TYPE_CHECKING:
    from collections.abc import Iterable

wheelhouse = typer.Typer(
    name="wheelhouse", help="Manage wheels built for GraalPy (operator only).", no_args_is_help=True
)


@wheelhouse.command()
def add(
    requirement: Annotated[str, typer.Argument(help="NAME==VERSION, the NAME of a recipe, or a wheel file.")],
    out: Annotated[Path | None, typer.Option(help="Only write the wheel into this folder.")] = None,
    tools: Annotated[
        list[Path] | None, typer.Option(help="Folder of a program that the build needs; may be repeated.")
    ] = None,
    allow_host: Annotated[
        list[str] | None, typer.Option(help="Host that the build may fetch from; may be repeated.")
    ] = None,
    index: Annotated[str | None, typer.Option(help="Package index to build from. Default: PyPI.")] = None,
) -> None:
    """Build a wheel with GraalPy's pip in a sandbox here and offer it to all builds. Takes minutes."""
    given = Path(requirement)
    if given.suffix == ".whl":
        wheel = given
    else:
        folder = out or Path(mkdtemp(prefix="hearth-wheelhouse-"))
        options = [("--tools", str(tool)) for tool in tools or []]
        options += [("--allow-host", host) for host in allow_host or []]
        options += [("--index", index)] if index else []
        wheel = _build_wheel(requirement, folder, options)
    if out is None:
        connect().add_wheel(wheel.name, read(wheel))
        stderr.print(f"{wheel.name} is offered to builds")
    stdout.print(wheel.name if out is None else str(wheel), soft_wrap=True)


@wheelhouse.command("list")
def list_wheels() -> None:
    """List the wheels that are offered to builds."""
    table = Table(Column("wheel", overflow="fold"), "MiB", "added", box=None, pad_edge=False)
    for wheel in connect().wheels():
        table.add_row(wheel["file"], f"{wheel['bytes'] / 2**20:.1f}", wheel["addedAt"][:10])
    stdout.print(table)


@wheelhouse.command()
def remove(wheel: Annotated[str, typer.Argument(help="A wheel's file name.")]) -> None:
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
