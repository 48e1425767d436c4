"""Functions that all commands share: terminal output, the platform's client, reading files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console

from hearth_cli._client import Client
from hearth_cli._errors import HearthError
from hearth_cli._platform import find_platform

if TYPE_CHECKING:
    from pathlib import Path

stderr = Console(stderr=True, highlight=False)
stdout = Console(highlight=False)
if not stdout.is_terminal:
    # A pipe has no width: do not wrap tables.
    stdout = Console(highlight=False, width=200)


def plain(text: str) -> str:
    """Escape text so that rich shows it unchanged."""
    return text.replace("[", r"\[")


def note(text: str) -> None:
    """Print what the user should know although nothing failed."""
    stderr.print(f"[yellow]note:[/yellow] {plain(text)}", soft_wrap=True)


def connect() -> Client:
    """Return a client of the platform."""
    return Client(find_platform())


def read(file: Path) -> bytes:
    """Return the content of a file; raise HearthError if it cannot be read."""
    try:
        return file.read_bytes()
    except OSError as unreadable:
        message = f"{file} cannot be read: {unreadable.strerror}."
        raise HearthError(message) from unreadable
