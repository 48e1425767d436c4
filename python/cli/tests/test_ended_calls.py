"""Calls that are ended: at their time limit, because the client left, or with their interpreter or host."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

import httpx
import pytest
from conftest import await_condition
from projects import HELLO, project

if TYPE_CHECKING:
    from conftest import Running

FRAGILE = """
from workers import Response, WorkerEntrypoint
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        if request.url.endswith("/hang"):
            print("hanging")
            while True:
                try:
                    while True:
                        pass
                except BaseException:
                    pass
        return Response("alive")
"""


def test_a_call_that_no_code_has_seen_is_repeated(platform: Running) -> None:
    platform.live("fragile", FRAGILE, '[tool.hearth]\ntimeout = "5s"\n')

    with ThreadPoolExecutor(6) as threads:
        hanging = threads.submit(platform.call, "fragile", "/hang")
        await_condition(lambda: "hanging" in platform.logs("fragile"), "the call to hang")
        # These wait behind the hanging call, whose interpreter is ended.
        waiting = [threads.submit(platform.call, "fragile", "/", "POST") for _ in range(5)]
        assert hanging.result().status_code == 504
        assert [one.result().text for one in waiting] == ["alive"] * 5
    assert platform.logs("fragile").count("hanging") == 1, (
        "the call that ended the interpreter is not repeated"
    )


INTERRUPTED = """
import threading, uuid
born = uuid.uuid4().hex
def application(environ, start_response):
    if environ["PATH_INFO"] in ("/loop", "/wait", "/print"):
        print("begun " + environ["PATH_INFO"])
        try:
            while True:
                match environ["PATH_INFO"]:
                    case "/wait":
                        threading.Event().wait()
                    case "/print":
                        print("on")
        finally:
            print("cleaned up after " + environ["PATH_INFO"])
    start_response("200 OK", [])
    return [born.encode()]
"""


@pytest.mark.parametrize("path", ["/loop", "/wait", "/print"])
def test_sync_code_is_interrupted_at_its_time_limit(platform: Running, path: str) -> None:
    name = "late" + path[1:]
    platform.live(name, INTERRUPTED, "[tool.hearth]\nentry = 'main:application'\ntimeout = '3s'\n")
    born = platform.call(name).text

    assert platform.call(name, path).status_code == 504
    assert platform.call(name).text == born, "the same interpreter still serves"
    await_condition(lambda: "cleaned up after " + path in platform.logs(name), "the finally block")
    reason = "CallInterrupt: the call reached the function's limit"
    await_condition(lambda: reason in platform.logs(name), "the reason")
    assert "in application" in platform.logs(name), "the traceback shows where the code was"


IN_A_THREAD = """
import uuid
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
born = uuid.uuid4().hex
def read(request):
    return PlainTextResponse(born)
def loop(request):
    try:
        while True:
            pass
    finally:
        print("cleaned up")
app = Starlette(routes=[Route("/", read), Route("/loop", loop)])
"""


def test_sync_code_in_a_thread_is_interrupted_at_its_time_limit(platform: Running) -> None:
    pyproject = project(["starlette"], "[tool.hearth]\ntimeout = '3s'\n")
    revision = platform.deploy("threaded", {"pyproject.toml": pyproject, "main.py": IN_A_THREAD})
    assert revision["state"] == "live", revision
    born = platform.call("threaded").text

    assert platform.call("threaded", "/loop").status_code == 504
    assert platform.call("threaded").text == born, "the same interpreter still serves"
    await_condition(lambda: "cleaned up" in platform.logs("threaded"), "the finally block")


def test_sync_code_ends_when_its_client_leaves(platform: Running) -> None:
    platform.live(
        "left",
        INTERRUPTED,
        "[tool.hearth]\nentry = 'main:application'\nmax-instances = 1\non-disconnect = 'cancel'\n",
    )
    born = platform.call("left").text

    with suppress(httpx.ReadTimeout):
        platform.call("left", "/loop", timeout=5)
    await_condition(lambda: "cleaned up after /loop" in platform.logs("left"), "the finally block")
    assert platform.call("left").text == born, "the same interpreter still serves"
    assert "Traceback" not in platform.logs("left")


def hosts(platform: Running) -> list[int]:
    """Return the pids of the host JVMs, which are descendants of the platform's process."""
    listed = subprocess.run(["ps", "-wweo", "pid,ppid,args"], capture_output=True, text=True, check=True)  # noqa: S607
    rows = [line.split(None, 2) for line in listed.stdout.splitlines()[1:]]
    below = {str(platform.process.pid)}
    while more := {pid for pid, parent, _ in rows if parent in below} - below:
        below |= more
    return [int(pid) for pid, _, args in rows if pid in below and re.match(r"\S*java .*HostMain", args)]


def test_a_host_that_does_not_answer_is_replaced(platform: Running) -> None:
    platform.live("stuck", HELLO, "[tool.hearth]\ntimeout = '2s'\n")
    assert platform.call("stuck").status_code == 200

    stopped: set[int] = set()
    try:
        for _ in range(5):
            now = set(hosts(platform))
            for pid in now - stopped:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGSTOP)
            stopped |= now
            late = platform.call("stuck")
            if late.status_code != httpx.codes.OK:  # else a host answered that has started since
                break
    finally:
        for pid in stopped:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    assert (late.status_code, late.json()["code"]) == (504, "function_timed_out")
    assert platform.call("stuck").status_code == 200
