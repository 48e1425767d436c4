"""Turns a prepared interpreter into an instance of a revision."""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import random
import sys
import tempfile
import time
from contextlib import suppress
from importlib.machinery import PathFinder
from typing import TYPE_CHECKING, Any

from workers._host._absent import explain_absent
from workers._host._bridge import HostBridge, Script
from workers._host._call import Call, FunctionInfo
from workers._host._calls import Calls
from workers._host._compat import lend_digests
from workers._host._conventions import entry_of, resolve
from workers._host._end import end, keep_exit_functions
from workers._host._failure import report_uncaught
from workers._host._functions_framework import application
from workers._host._lambda_context import set_up
from workers._host._late import LateFinder
from workers._host._limits import DescriptorLimit, ThreadLimit
from workers._host._loop import InstanceLoop
from workers._host._output import install, invocation
from workers._host._refused import know_own_user
from workers._host._rehearsal import rehearse_frameworks
from workers._host._signals import keep_handlers
from workers._host._temporary import notice_uploads
from workers._snapshot import after_restore, before_snapshot, provide_hooks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workers._host._bridge import Bridge
    from workers._host._entry import Entry

_PROBE_PATH = "/.well-known/hearth/probe"
_PROBE_HEADERS = "host\0localhost\0hearth-probe\x001\0"
_PROBE_SECONDS = 5
_PROBES = 20
_PROBING_SECONDS = 1
# Modules that libraries import at their first call; imported at the start, so that no call waits for them.
_AT_FIRST_CALL = {"anyio": "anyio._backends._asyncio"}


def start(specification: str, functions: Sequence[Any]) -> Instance:
    """Import the entry and return the instance; raise what the user's code raises.

    The functions are those of `Bridge`, in its order.

    The specification is JSON: entry, convention, path, late, environment, function, revision, memory,
    timeout, temporary, proxy, certificates, threads, descriptors.
    """
    spec = json.loads(specification)
    bridge = HostBridge(functions)
    # Many interpreters may come from the same snapshot, with the same seed.
    random.seed()
    install(bridge.print)
    report_uncaught()
    keep_handlers()
    keep_exit_functions()
    provide_hooks()
    lend_digests(bridge.scrypt, bridge.digest)
    os.environ.clear()
    os.environ.update(spec["environment"])
    os.environ.setdefault("HOME", spec["temporary"])
    if spec["certificates"]:
        # requests reads a variable of its own.
        for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
            os.environ.setdefault(name, spec["certificates"])
    if spec["proxy"]:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
            os.environ.setdefault(name, spec["proxy"])
    know_own_user(os.environ["HOME"])
    ThreadLimit(spec["threads"]).install()
    DescriptorLimit(spec["descriptors"]).install()
    notice_uploads()
    os.environ["TMPDIR"] = tempfile.tempdir = spec["temporary"]
    sys.path[0:0] = spec["path"]
    explain_absent()
    late = _find_late(spec["late"], bridge) if spec["late"] else None
    sys.argv = [spec["entry"]]
    # The folders are new to this interpreter, so no cache is stale. importlib.invalidate_caches would import
    # importlib.metadata, which is slow.
    info = FunctionInfo(
        spec["function"], spec["revision"], dict(spec["environment"]), spec["timeout"], spec["memory"]
    )
    if spec["convention"] == "lambda":
        set_up(spec["entry"], info)
    entry = _load(spec)
    for name, needed in _AT_FIRST_CALL.items():
        if name in sys.modules:
            with suppress(ImportError):
                importlib.import_module(needed)
    convention, entry = resolve(spec["convention"], entry)
    if (convention, spec["convention"]) == ("lambda", "auto"):
        set_up(spec["entry"], info)
    loop = InstanceLoop()
    asyncio.set_event_loop(loop)
    served = entry_of(convention, entry, info, loop)
    return Instance(convention, served, bridge, loop, late)


def _load(spec: dict[str, Any]) -> Any:  # noqa: ANN401 - an entry is any object
    """Import the entry."""
    module, _, attribute = spec["entry"].partition(":")
    if spec["convention"] in {"auto", "wsgi"}:
        made = application(module, attribute, spec["path"])
        if made is not None:
            return made
    entry: Any = importlib.import_module(module)
    for name in attribute.split("."):
        entry = getattr(entry, name)
    return entry


def _find_late(folder: str, bridge: Bridge) -> LateFinder:
    def tell(module: str) -> None:
        bridge.print("late", "", invocation.get(), module + "\n")

    finder = LateFinder(folder, tell)
    sys.meta_path.insert(sys.meta_path.index(PathFinder), finder)
    return finder


class Instance:
    """An interpreter that serves a revision."""

    def __init__(
        self, convention: str, served: Entry, bridge: Bridge, loop: InstanceLoop, late: LateFinder | None
    ) -> None:
        """Keep the entry that serves the revision's calls."""
        self.convention = convention
        self._calls = Calls(bridge, served, loop)
        self.pump = self._calls.pump
        loop.on_woken = bridge.wake
        self._served = served
        self._loop = loop
        self._late = late

    def probe(self) -> None:
        """Make one call of the entry; any answer is fine, also an exception."""
        if self._served.warm(Call("GET", _PROBE_PATH, "", _PROBE_HEADERS, b"")):
            return
        item = f"http\n0\nGET\n{_PROBE_PATH}\n\n\n\nhttp\nprobe\n0\ntrue\n{_PROBE_HEADERS}\n"
        calls = Calls(Script([item]), self._served, self._loop, lambda _raised: None, is_probe=True)
        limit = self._loop.call_later(_PROBE_SECONDS, calls.cancel)
        calls.pump()
        limit.cancel()

    def suspend(self) -> None:
        """Prepare for a snapshot: warm up with some calls, then run the function's hooks."""
        end = time.monotonic() + _PROBING_SECONDS
        for _ in range(_PROBES):
            self.probe()
            if time.monotonic() > end:
                break
        rehearse_frameworks()
        before_snapshot(self._loop.run_until_complete)

    def resume(self) -> None:
        """Continue after a restore, as one of many instances of the same snapshot."""
        random.seed()
        after_restore(self._loop.run_until_complete)
        self._calls.go_on()

    def end(self) -> None:
        """Run what the function left for its end; no call may follow."""
        end(self._calls, self._loop)

    def late(self) -> list[str]:
        """Return the modules that were needed though the build had left them out."""
        return list(self._late.loaded) if self._late else []
