r"""The side of an interpreter that the host process talks to. User code never imports it.

Everything that crosses from Java is text: headers are `name\0value\0…`, bodies Latin-1. What goes back is
`(status, headers, body, pending)`, the body as bytes. One thread calls at a time.
"""

from __future__ import annotations

from workers._host._compat import mend
from workers._host._rehearsal import rehearse
from workers._host._start import start

__all__ = ["rehearse", "start"]

mend()
