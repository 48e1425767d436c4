"""Fixes for gaps of GraalPy. A fix that can see its gap at once is applied only while the gap is there.

A fix is a function that takes the module concerned, mends it and yields what it has mended. `FIXES` says
which module has which fix: a loaded module is mended at once, another one right after its import. The file of
a fix is imported only then.

`MENDED` lists what was mended. StandardLibraryTest compares it with all that is known, and calls what most
other fixes replace, so it fails when GraalPy has closed a gap. Then remove the fix here.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.machinery import ExtensionFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from workers._host import _refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

    from workers._host._compat._digests import Derive, Digest

    Fix = Callable[[ModuleType], Iterable[str]]

MENDED: list[str] = []

# The fix of each module: file and function.
FIXES = {
    "builtins": "_files:mend_open",
    "errno": "_system:mend_errno",
    "gc": "_system:mend_gc",
    "hashlib": "_digests:mend_names",
    "binascii": "_digests:mend_hexlify",
    "json": "_texts:mend_json",
    "math": "_system:mend_math",
    "mimetypes": "_system:mend_mimetypes",
    "os": "_system:mend_os",
    "re": "_texts:mend_re",
    "select": "_network:mend_select",
    "selectors": "_network:mend_selectors",
    "signal": "_system:mend_signal",
    "socket": "_network:mend_socket",
    "ssl": "_tls:mend_ssl",
    "sys": "_system:mend_sys",
    "tempfile": "_files:mend_tempfile",
    "time": "_clocks:mend_time",
    "h11._util": "_libraries:forget_shapes",
    "multiprocessing.synchronize": "_libraries:refuse_semaphores",
    "starlette.middleware.errors": "_libraries:show_errors_at_once",
    "structlog.contextvars": "_libraries:name_variables",
    "sqlite3.dbapi2": "_native:mend_sqlite",
    "typing_extensions": "_libraries:name_python_abc",
    "xml.parsers.expat": "_libraries:name_parser",
}
# Modules that GraalPy lacks, with the file here that replaces them.
_REPLACED = {"syslog": "_syslog"}


def mend() -> None:
    """Fix the gaps of loaded modules now, and those of other modules when they are imported."""
    if sys.implementation.name != "graalpy":
        return
    # The module exists, but its import raises an unexpected error.
    sys.modules["_crypt"] = None  # type: ignore[assignment]
    _refused.end_calls_not_processes()
    for name in FIXES:
        if name in sys.modules:
            _mend(sys.modules[name])
    sys.meta_path.insert(0, MendingFinder())
    _mend_at_first_native_module()


def _mend_at_first_native_module() -> None:
    create = ExtensionFileLoader.create_module

    def create_module(loader: ExtensionFileLoader, spec: ModuleSpec) -> ModuleType:
        ExtensionFileLoader.create_module = create  # type: ignore[method-assign]
        native = import_module(f"{__name__}._native")
        MENDED.extend(native.mend_encoder(import_module("json.encoder")))
        return create(loader, spec)

    ExtensionFileLoader.create_module = create_module  # type: ignore[method-assign]


def lend_digests(scrypt: Derive, digest: Digest) -> None:
    """Give `hashlib` what the host computes."""
    if sys.implementation.name != "graalpy":
        return
    from workers._host._compat import _digests  # noqa: PLC0415 - mend has imported it

    MENDED.extend(_digests.lend_scrypt(scrypt))
    for name in ("blake2b", "blake2s"):
        MENDED.extend(_digests.lend_blake2(digest, name))
    for name, block in (("shake_128", 168), ("shake_256", 136)):
        MENDED.extend(_digests.lend_shake(digest, name, block))


def _mend(module: ModuleType) -> None:
    file, _, function = FIXES[module.__name__].partition(":")
    fix: Fix = getattr(import_module(f"{__name__}.{file}"), function)
    MENDED.extend(fix(module))


class MendingFinder:
    """Fixes modules right after they were executed, whichever finder found them."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find a module that has a fix."""
        if fullname not in FIXES and fullname not in _REPLACED:
            return None
        found = (each.find_spec(fullname, path, target) for each in sys.meta_path if each is not self)
        spec = next((each for each in found if each is not None), None)
        if spec is None and fullname in _REPLACED:
            MENDED.append(fullname)
            return spec_from_file_location(fullname, Path(__file__).with_name(_REPLACED[fullname] + ".py"))
        if spec is not None and spec.loader is not None and fullname in FIXES:
            execute = spec.loader.exec_module

            def exec_module(module: ModuleType) -> None:
                execute(module)
                _mend(module)

            spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


def refuse_native() -> None:
    """Make the import of every native module raise ImportError, as importers of optional modules expect.

    Without native access GraalPy raises ImportError only in the first interpreter of a process, and
    SystemError in later ones.
    """

    def refuse(_loader: ExtensionFileLoader, spec: ModuleSpec) -> NoReturn:
        message = f"{spec.name} is a native module, which this function cannot load"
        raise ImportError(message, name=spec.name, path=spec.origin)

    ExtensionFileLoader.create_module = refuse  # type: ignore[method-assign]
    _refused.refuse_processes()
