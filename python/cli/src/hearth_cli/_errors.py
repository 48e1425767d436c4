"""The error that is shown to the user."""

from __future__ import annotations


class HearthError(Exception):
    """A failure: a sentence for the user, and a hint what to do if it is known."""

    def __init__(self, message: str, hint: str = "") -> None:
        """Keep message and hint."""
        super().__init__(message)
        self.hint = hint
