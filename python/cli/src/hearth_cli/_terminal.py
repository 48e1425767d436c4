"""What all commands have in common: the terminal, the platform, files to read."""

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
    # What reads it has no width that tables would have to keep.
    stdout = Console(highlight=False, width=200)


def plain(text: str) -> str:
    """Return text that the terminal shows as it is, without markup."""
    return text.replace("[", r"\[")


def connect() -> Client:
    """Return a client of the platform that is found."""
    return Client(find_platform())


def read(file: Path) -> bytes:
    """Return a file's content; raise HearthError when it cannot be read."""
    try:
        return file.read_bytes()
    except OSError as unreadable:
        message = f"{file} cannot be read: {unreadable.strerror}."
        raise HearthError(message) from unreadable
