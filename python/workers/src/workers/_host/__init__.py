r"""The side of an interpreter that the host process talks to. User code never imports it.

Everything that crosses from Java is text and numbers: headers are `name\0value\0…`, bodies Latin-1. The
interpreter's one thread calls `pump`, which takes calls from the host's inbox and gives answers part by part.
"""

from __future__ import annotations

from workers._host._compat import mend
from workers._host._interrupt import interrupt
from workers._host._rehearsal import rehearse
from workers._host._start import start

__all__ = ["interrupt", "rehearse", "start"]

mend()
