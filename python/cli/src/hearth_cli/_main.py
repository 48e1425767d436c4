"""Runs the command line."""

from __future__ import annotations

import os
import sys

from hearth_cli._arguments import parse
from hearth_cli._errors import HearthError
from hearth_cli._terminal import say


def main() -> None:
    """Run the command line and end the process."""
    try:
        parse(sys.argv[1:])()
    except HearthError as failed:
        say(str(failed), "error")
        if failed.hint:
            say(failed.hint, "hint")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # Who read the output has enough, as `head`; Python would complain when it flushes at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
