"""Makes a prepared interpreter into an instance of a revision."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import os
import sys
import tempfile
import traceback
from importlib.machinery import PathFinder
from typing import TYPE_CHECKING, Any

from workers._host._asgi import AsgiAdapter
from workers._host._call import Call, FunctionInfo, InvalidAnswerError, join_headers, split_headers
from workers._host._lambda import LambdaAdapter
from workers._host._late import LateFinder
from workers._host._workers import WorkersAdapter
from workers._host._wsgi import WsgiAdapter

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    Adapter = AsgiAdapter | WsgiAdapter | LambdaAdapter | WorkersAdapter

_RAISED = (0, "function_raised\0", b"", False)
_EVENT_PARAMETERS = 2
_OWN_FOLDERS = tuple(file.rpartition("/")[0] for file in (__file__, asyncio.__file__))
_PROBE = Call(
    method="GET",
    path="/.well-known/hearth/probe",
    query="",
    headers=[("host", "localhost"), ("hearth-probe", "1")],
    body=b"",
    invocation="probe",
)


def start(specification: str) -> Instance:
    """Import the entry and return the instance; raise what the user's code raises.

    The specification is JSON: entry, convention, path, late, environment, function, revision, timeout,
    temporary, proxy, certificates.
    """
    spec = json.loads(specification)
    os.environ.clear()
    os.environ.update(spec["environment"])
    os.environ.setdefault("HOME", spec["temporary"])
    if spec["certificates"]:
        # requests knows a variable of its own.
        for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
            os.environ.setdefault(name, spec["certificates"])
    if spec["proxy"]:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
            os.environ.setdefault(name, spec["proxy"])
    os.environ["TMPDIR"] = tempfile.tempdir = spec["temporary"]
    sys.path[0:0] = spec["path"]
    late = LateFinder(spec["late"]) if spec["late"] else None
    if late:
        sys.meta_path.insert(sys.meta_path.index(PathFinder), late)
    sys.argv = [spec["entry"]]
    importlib.invalidate_caches()
    module_name, _, attribute = spec["entry"].partition(":")
    entry: Any = importlib.import_module(module_name)
    for name in attribute.split("."):
        entry = getattr(entry, name)
    info = FunctionInfo(spec["function"], spec["revision"], dict(spec["environment"]), spec["timeout"])
    convention = spec["convention"]
    if convention == "auto":
        convention = detect(entry)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    return Instance(convention, adapter(convention, entry, info, loop), late)


def detect(entry: Any) -> str:  # noqa: ANN401 - an entry is any object
    """Tell how an entry wants to be called."""
    if inspect.isclass(entry):
        if hasattr(entry, "fetch"):
            return "workers"
        message = f"the entry {entry.__name__} is a class without fetch"
        raise TypeError(message)
    if not callable(entry):
        message = f"the entry is a {type(entry).__name__}, which cannot be called"
        raise TypeError(message)
    if not inspect.isroutine(entry):
        asynchronous = inspect.iscoroutinefunction(type(entry).__call__)
        return "asgi" if asynchronous else "wsgi"
    names = list(inspect.signature(entry).parameters)
    if len(names) > _EVENT_PARAMETERS:
        return "asgi"
    return "wsgi" if names and names[0].startswith("env") else "lambda"


def adapter(convention: str, entry: Any, info: FunctionInfo, loop: asyncio.AbstractEventLoop) -> Adapter:  # noqa: ANN401
    """Return what calls an entry by its convention; coroutines run on the loop."""
    if convention == "asgi":
        return AsgiAdapter(entry, loop)
    if convention == "wsgi":
        return WsgiAdapter(entry)
    if convention == "lambda":
        return LambdaAdapter(entry, info, loop)
    return WorkersAdapter(entry, info, loop)


class Instance:
    """An interpreter that serves a revision."""

    def __init__(self, convention: str, adapter: Adapter, late: LateFinder | None = None) -> None:
        """Keep the adapter of the revision's convention."""
        self._late = late
        self.convention = convention
        self._adapter = adapter

    def probe(self) -> None:
        """Go once through everything a call goes through; any answer will do, an exception too."""
        if isinstance(self._adapter, LambdaAdapter):
            self._adapter.warm(_PROBE)
            return
        try:
            answer = self._adapter(_PROBE)
            join_headers(answer.headers)
            self.finish()
        except Exception:  # noqa: BLE001 - user code may raise what it likes for a path it does not know
            return

    def late(self) -> list[str]:
        """Return the modules that had to be loaded though the build had left them out."""
        return list(self._late.loaded) if self._late else []

    def call(  # noqa: PLR0913 - one text each, in the order of the Java side
        self,
        method: str,
        path: str,
        query: str,
        headers: str,
        body: str,
        root_path: str,
        client: str,
        scheme: str,
        invocation: str,
        deadline: float,
    ) -> tuple[int, str, bytes, bool]:
        """Answer one HTTP request; status 0 means that the function failed, with the code as header."""
        call = Call(
            method,
            path,
            query,
            split_headers(headers),
            body.encode("latin-1"),
            root_path,
            client,
            scheme,
            invocation,
            deadline,
        )

        def answer() -> tuple[int, str, bytes, bool]:
            given = self._adapter(call)
            pending = isinstance(self._adapter, WorkersAdapter | AsgiAdapter) and self._adapter.pending
            return (given.status, join_headers(given.headers), given.body, pending)

        return self._guarded(answer)

    def event(self, text: str, invocation: str, deadline: float) -> tuple[int, str, bytes, bool]:
        """Hand an event to the handler; 200 and its JSON, or 502 and what it raised as JSON."""
        if not isinstance(self._adapter, LambdaAdapter):
            return (0, "convention_mismatch\0", b"", False)
        try:
            json.loads(text)
        except ValueError:
            return (0, "request_invalid\0", b"", False)
        try:
            result = self._adapter.event(text, invocation, deadline)
        except (Exception, SystemExit) as raised:  # noqa: BLE001 - user code
            _print_traceback(raised)
            failure = {
                "errorType": type(raised).__name__,
                "errorMessage": str(raised),
                "stackTrace": _frames(raised),
            }
            return (502, "", json.dumps(failure).encode(), False)
        finally:
            _flush()
        return (200, "", result.encode(), False)

    def finish(self) -> None:
        """Do what was left for after the answer."""
        if not isinstance(self._adapter, WorkersAdapter | AsgiAdapter):
            return
        try:
            self._adapter.finish()
        except (Exception, SystemExit) as raised:  # noqa: BLE001 - user code
            _print_traceback(raised)
        finally:
            _flush()

    @staticmethod
    def _guarded(
        answer: Callable[[], tuple[int, str, bytes, bool]],
    ) -> tuple[int, str, bytes, bool]:
        try:
            return answer()
        except InvalidAnswerError as invalid:
            sys.stderr.write(f"hearth: {invalid}\n")
            return (0, "function_answer_invalid\0", b"", False)
        except (Exception, SystemExit) as raised:  # noqa: BLE001 - user code
            _print_traceback(raised)
            return _RAISED
        finally:
            _flush()


def _user_traceback(raised: BaseException) -> TracebackType | None:
    """Return the traceback from the user's first frame on, without the platform's and the loop's."""
    frame = raised.__traceback__
    while frame is not None and frame.tb_frame.f_code.co_filename.startswith(_OWN_FOLDERS):
        frame = frame.tb_next
    return frame


def _frames(raised: BaseException) -> list[str]:
    return traceback.format_tb(_user_traceback(raised))


def _print_traceback(raised: BaseException) -> None:
    traceback.print_exception(type(raised), raised, _user_traceback(raised))


def _flush() -> None:
    sys.stdout.flush()
    sys.stderr.flush()
