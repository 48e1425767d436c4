"""The hearth command."""

from hearth_cli._commands import main

__all__ = ["main"]
