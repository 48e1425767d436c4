"""What goes wrong and is told to the user."""

from __future__ import annotations


class HearthError(Exception):
    """A failure with a sentence for the user, and perhaps a hint what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        """Keep both."""
        super().__init__(message)
        self.hint = hint
