"""The hearth command."""

from hearth_cli._main import main

__all__ = ["main"]
