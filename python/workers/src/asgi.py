"""`import asgi`, as code for older Python Workers has it: the same as `from workers import asgi`."""

import sys

from workers import asgi

sys.modules[__name__] = asgi
