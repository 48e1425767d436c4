r"""The Python side of the host process. User code never imports it.

Only text and numbers cross the border to the host: headers are `name\0value\0…`, bodies Latin-1. The
interpreter's one thread runs `pump`, which takes calls from the host's inbox and sends answers part by part.
"""

from __future__ import annotations

from workers._host._compat import mend
from workers._host._failure import formatted
from workers._host._interrupt import interrupt
from workers._host._rehearsal import rehearse
from workers._host._start import start

__all__ = ["formatted", "interrupt", "rehearse", "start"]

mend()
