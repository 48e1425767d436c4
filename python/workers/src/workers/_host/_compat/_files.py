"""Files that are written, closed and removed although code forgets to close them.

CPython closes a file as soon as nobody refers to it. GraalPy never closes one that was opened for writing,
and loses what is still in its buffer.
"""

from __future__ import annotations

import builtins
import gc
import io
import os
import stat
import sys
from contextlib import suppress
from functools import update_wrapper
from typing import TYPE_CHECKING, Any
from weakref import WeakSet, finalize

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

# So many files are kept for what is in their buffers; then all are written.
_MOST_KEPT = 64
_TEMPORARY = "/tmp"  # noqa: S108 - the instance's own
_MUCH = 4


class Opener:
    """Replaces `open`. Keeps files that were opened for writing until their buffers are written.

    They are written before a file is opened for reading and after each call. From then on the file lives only
    as long as code refers to it, and is closed after the next garbage collection. An object, not a function,
    so that a class may have it as attribute.
    """

    def __init__(self, plain: Callable[..., Any]) -> None:
        """Keep the function that opens."""
        update_wrapper(self, plain)
        self._plain = plain
        self._kept: list[Any] = []
        self._alive: WeakSet[Any] = WeakSet()

    def __call__(  # noqa: PLR0913, PLR0917 - as open has it
        self,
        file: Any,  # noqa: ANN401
        mode: str = "r",
        buffering: int = -1,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
        closefd: bool = True,  # noqa: FBT001, FBT002
        opener: Any = None,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        if not set(mode).isdisjoint("r+"):
            self.flush()
        opened = self._plain(file, mode, buffering, encoding, errors, newline, closefd, opener)
        if buffering and not set(mode).isdisjoint("wax+") and is_stored(file):
            if len(self._kept) >= _MOST_KEPT:
                self.flush()
            self._kept.append(opened)
            buffer = getattr(opened, "buffer", opened)
            # Closing what code has closed does nothing.
            _when_dropped(buffer, buffer.raw.close)
        return opened

    def flush(self) -> bool:
        """Write the buffers of all files that are open; return True if some of the new ones stay open."""
        if not self._kept and not self._alive:
            return False
        kept, self._kept = self._kept, []
        for each in [*kept, *self._alive]:
            # A full disk was told when the file was written, or the file was just closed by a thread.
            with suppress(OSError, ValueError):
                if not each.closed:
                    each.flush()
        left = [each for each in kept if not each.closed]
        self._alive.update(left)
        return bool(left)


def _when_dropped(owner: object, end: Callable[..., Any], *given: object) -> finalize[..., Any]:
    """Run a function after code has dropped an object; it must not refer to the object."""
    dropped = finalize(owner, end, *given)
    dropped.atexit = False
    return dropped


def mend_tempfile(module: ModuleType) -> Iterator[str]:
    """Remove the files of NamedTemporaryFile that code dropped, and give back the room of TemporaryFile."""
    # The room of a file that was opened with O_TMPFILE stays taken when it is closed.
    module._O_TMPFILE_WORKS = False  # type: ignore[attr-defined]  # noqa: SLF001
    yield "tempfile.TemporaryFile"
    closer: Any = module._TemporaryFileCloser  # noqa: SLF001
    make, cleanup = closer.__init__, closer.cleanup

    def remember(self: Any, file: Any, name: str, delete: bool = True, *given: Any) -> None:  # noqa: ANN401, FBT001, FBT002
        make(self, file, name, delete, *given)
        self.dropped = _when_dropped(self, _remove, file, name if delete else None)

    def forget(self: Any, *given: Any, **named: Any) -> None:  # noqa: ANN401
        self.dropped.detach()
        cleanup(self, *given, **named)

    closer.__init__, closer.cleanup = remember, forget
    yield "tempfile.NamedTemporaryFile"


def _remove(file: Any, name: str | None) -> None:  # noqa: ANN401
    with suppress(OSError):
        file.close()
    if name is not None:
        with suppress(OSError):
            os.unlink(name)  # noqa: PTH108 - pathlib may not be loaded


def is_stored(file: Any) -> bool:  # noqa: ANN401 - as open has it
    """Return False for the descriptor of a pipe: writing could wait for a reader for ever."""
    try:
        return not isinstance(file, int) or stat.S_ISREG(os.fstat(file).st_mode)
    except OSError:
        return False


def mend_open(module: ModuleType) -> Iterator[str]:
    """Replace `open` wherever it is found."""
    mended = Opener(module.open)  # type: ignore[attr-defined]
    for each in (module, io, sys.modules["_io"]):
        each.open = mended  # type: ignore[attr-defined]
    yield "builtins.open"


def flush_files() -> None:
    """Write what is in the buffers of files, as at the end of a call; free dropped ones if room is scarce."""
    opener = builtins.open
    if isinstance(opener, Opener) and opener.flush() and _is_scarce():
        gc.collect()


def _is_scarce() -> bool:
    """Return True if more than a quarter of the room for temporary files is taken."""
    room = os.statvfs(_TEMPORARY)
    return room.f_blocks - room.f_bavail > room.f_blocks / _MUCH
