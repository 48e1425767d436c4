"""Functions that all commands share: terminal output, the platform's client, reading files."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from hearth_cli._errors import HearthError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rich.console import RenderableType

    from hearth_cli._client import Client

_COLOURS = {"error": "31", "note": "33", "hint": "2"}
_WIDTH_OF_A_PIPE = 200


def say(text: str, label: str = "") -> None:
    """Print a message to stderr, after a label: error, note or hint."""
    if label:
        is_coloured = sys.stderr.isatty() and not os.environ.get("NO_COLOR")
        text = f"\033[{_COLOURS[label]}m{label}:\033[0m {text}" if is_coloured else f"{label}: {text}"
    sys.stderr.write(text + "\n")


def print_columns(*rows: Sequence[str]) -> None:
    """Print rows to stdout, with aligned columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        sys.stdout.write(line.rstrip() + "\n")


def show(shown: RenderableType) -> None:
    """Print a report to stdout."""
    # Imported late, as the client: each takes a tenth of a second, and many commands need neither.
    from rich.console import Console  # noqa: PLC0415

    # A pipe has no width: do not wrap tables.
    width = None if sys.stdout.isatty() else _WIDTH_OF_A_PIPE
    Console(highlight=False, markup=False, emoji=False, width=width).print(shown)


def note(text: str) -> None:
    """Print what the user should know although nothing failed."""
    say(text, "note")


def connect() -> Client:
    """Return a client of the platform."""
    from hearth_cli._client import Client  # noqa: PLC0415
    from hearth_cli._platform import find_platform  # noqa: PLC0415

    return Client(find_platform())


def read(file: Path) -> bytes:
    """Return the content of a file; raise HearthError if it cannot be read."""
    try:
        return file.read_bytes()
    except OSError as unreadable:
        message = f"{file} cannot be read: {unreadable.strerror}."
        raise HearthError(message) from unreadable
