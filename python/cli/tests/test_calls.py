"""Calls that overlap, wait for each other, log, and are made again."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from conftest import PYPROJECT, await_condition
from projects import HELLO, project

if TYPE_CHECKING:
    from conftest import Running

WORKER = """
import asyncio
from workers import Request, Response, WorkerEntrypoint, fetch
here = []
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        if request.url.endswith("/meet"):
            here.append(asyncio.get_running_loop().create_future())
            if len(here) == 3:
                for one in here:
                    one.set_result(len(here))
            return Response(str(await here[-1]))
        if request.url.endswith("/lines"):
            return Response(f"{number}\\n" for number in range(3))
        asked = await request.json()
        got = await fetch(Request(asked["url"], method="POST", body=b"tea"))
        return Response.json({"status": got.status, "ok": got.ok, "body": await got.text()})
"""


def test_workers_overlap_stream_and_fetch(platform: Running) -> None:
    platform.live("overlap", WORKER)

    with ThreadPoolExecutor(3) as threads:
        meeting = [threads.submit(platform.call, "overlap", "/meet") for _ in range(3)]
        assert [one.result().text for one in meeting] == ["3", "3", "3"]
    assert platform.call("overlap", "/lines").text == "0\n1\n2\n"
    # Our own network is refused by the proxy.
    asked = platform.call("overlap", "/", "POST", content=json.dumps({"url": f"{platform.url}/v1/health"}))
    assert asked.json()["status"] in {403, 405}


def test_apps_see_the_clients_own_headers(platform: Running) -> None:
    main = """
import json
def app(environ, start_response):
    start_response("200 OK", [])
    yield json.dumps({name: value for name, value in environ.items() if name.startswith("HTTP_")}).encode()
"""
    platform.live("headers", main, '[tool.hearth]\nentry = "main:app"\n')

    given = {
        "user-agent": "tea/1",
        "accept": "text/x",
        "accept-encoding": "br",
        "x-one": "a, b",
        "hearth-call": "ping",
    }
    seen = platform.call("headers", headers=given).json()
    assert "for=" in seen.pop("HTTP_FORWARDED")
    assert seen == {
        "HTTP_HOST": platform.url.partition("//")[2],
        "HTTP_USER_AGENT": "tea/1",
        "HTTP_ACCEPT": "text/x",
        "HTTP_ACCEPT_ENCODING": "br",
        "HTTP_X_ONE": "a, b",
    }


def test_one_call_at_a_time_where_the_project_says_so(platform: Running) -> None:
    main = """
import asyncio
from workers import Response, WorkerEntrypoint
running = 0
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        global running
        running += 1
        most = running
        for _ in range(20):
            await asyncio.sleep(0)
            most = max(most, running)
        running -= 1
        return Response(str(most))
"""
    platform.live("single", main, "[tool.hearth]\nconcurrency = 1\n")

    with ThreadPoolExecutor(5) as threads:
        answers = list(threads.map(lambda _: platform.call("single").text, range(10)))

    assert set(answers) == {"1"}
    refused = platform.deploy(
        "single", {"pyproject.toml": PYPROJECT + "[tool.hearth]\nconcurrency = 0\n", "main.py": main}
    )
    assert "concurrency must be" in refused["reason"]["detail"]  # type: ignore[index]


def test_calls_that_wait_for_their_turn_do_not_reach_their_limit(platform: Running) -> None:
    main = """
import time
from workers import Response, WorkerEntrypoint
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        ended = time.monotonic() + 1.2
        while time.monotonic() < ended:
            pass
        return Response("done")
"""
    platform.live("busy", main, '[tool.hearth]\ntimeout = "3s"\n')
    begin = threading.Barrier(3)

    def call(_: int) -> str:
        begin.wait()
        return platform.call("busy").text

    with ThreadPoolExecutor(3) as threads:
        assert list(threads.map(call, range(3))) == ["done"] * 3


LOGS = """
import asyncio, logging, os, sys
from workers import Response, WorkerEntrypoint
here = []
both = asyncio.Event()
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        name = request.url.rpartition("/")[2]
        if name == "die":
            print("last words")
            os._exit(3)
        here.append(name)
        if len(here) == 2:
            both.set()
        logging.getLogger("tea").warning("before %s", name)
        await both.wait()
        print("after", name)
        return Response(name)
"""


def test_log_lines_have_level_and_invocation(platform: Running) -> None:
    platform.live("logs", LOGS.replace("here = []", "here = ['probe']"))
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda name: platform.call("logs", f"/{name}"), ["a", "b"]))

    def lines() -> list[dict[str, object]]:
        text = platform.api("GET", "/v1/functions/logs/logs", headers={"accept": "application/x-ndjson"}).text
        return [json.loads(line) for line in text.splitlines()]

    await_condition(lambda: {"after a", "after b"} <= {line["text"] for line in lines()}, "the log")
    by_text = {line["text"]: line for line in lines()}
    for name in "ab":
        before, after = by_text[f"before {name}"], by_text[f"after {name}"]
        assert (before["level"], before["revision"]) == ("warning", 1)
        assert before["invocation"] == after["invocation"]
        assert before["time"] <= after["time"]  # type: ignore[operator]
    assert by_text["before a"]["invocation"] != by_text["before b"]["invocation"]

    platform.call("logs", "/die")
    await_condition(lambda: "last words" in platform.logs("logs"), "what it said before it died")


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


def test_a_call_that_no_code_has_seen_is_made_again(platform: Running) -> None:
    platform.live("fragile", FRAGILE, '[tool.hearth]\ntimeout = "5s"\n')

    with ThreadPoolExecutor(6) as threads:
        hanging = threads.submit(platform.call, "fragile", "/hang")
        await_condition(lambda: "hanging" in platform.logs("fragile"), "it to hang")
        # They wait behind it, and its interpreter is ended.
        waiting = [threads.submit(platform.call, "fragile", "/", "POST") for _ in range(5)]
        assert hanging.result().status_code == 504
        assert [one.result().text for one in waiting] == ["alive"] * 5


COUNTED = """
import asyncio
from workers import Response, WorkerEntrypoint
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        match request.url.rpartition("/")[2]:
            case "missing":
                return Response("no", status=404)
            case "raise":
                raise ValueError
            case "wait":
                await asyncio.sleep(60)
        return Response("hello", headers={"server-timing": "start;dur=999999"})
"""

INTERRUPTED = """
import time, uuid
born = uuid.uuid4().hex
def application(environ, start_response):
    if environ["PATH_INFO"] in ("/loop", "/sleep", "/print"):
        print("begun " + environ["PATH_INFO"])
        try:
            while True:
                match environ["PATH_INFO"]:
                    case "/sleep":
                        time.sleep(60)
                    case "/print":
                        print("on")
        finally:
            print("cleaned up after " + environ["PATH_INFO"])
    start_response("200 OK", [])
    return [born.encode()]
"""


@pytest.mark.parametrize("path", ["/loop", "/sleep", "/print"])
def test_sync_code_at_its_limit_is_interrupted_where_it_is(platform: Running, path: str) -> None:
    name = "late" + path[1:]
    platform.live(name, INTERRUPTED, "[tool.hearth]\nentry = 'main:application'\ntimeout = '1s'\n")
    born = platform.call(name).text

    assert platform.call(name, path).status_code == 504
    assert platform.call(name).text == born, "the same interpreter goes on"
    await_condition(lambda: "cleaned up after " + path in platform.logs(name), "its clean-up")
    reason = "CallInterrupt: the call reached the function's limit"
    await_condition(lambda: reason in platform.logs(name), "the reason")
    assert "in application" in platform.logs(name), "it says where"


IN_A_THREAD = """
import time, uuid
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
born = uuid.uuid4().hex
def read(request):
    return PlainTextResponse(born)
def loop(request):
    try:
        while True:
            time.sleep(0.001)
    finally:
        print("cleaned up")
app = Starlette(routes=[Route("/", read), Route("/loop", loop)])
"""


def test_sync_code_in_a_thread_of_a_task_is_interrupted_too(platform: Running) -> None:
    pyproject = project(["starlette"], "[tool.hearth]\ntimeout = '1s'\n")
    revision = platform.deploy("threaded", {"pyproject.toml": pyproject, "main.py": IN_A_THREAD})
    assert revision["state"] == "live", revision
    born = platform.call("threaded").text

    assert platform.call("threaded", "/loop").status_code == 504
    assert platform.call("threaded").text == born, "the same interpreter goes on"
    await_condition(lambda: "cleaned up" in platform.logs("threaded"), "its clean-up")


def test_sync_code_ends_when_its_client_leaves(platform: Running) -> None:
    platform.live("left", INTERRUPTED, "[tool.hearth]\nentry = 'main:application'\nmax-instances = 1\n")
    born = platform.call("left").text

    with suppress(httpx.ReadTimeout):
        platform.call("left", "/loop", timeout=1)
    await_condition(lambda: "cleaned up after /loop" in platform.logs("left"), "its clean-up")
    assert platform.call("left").text == born, "the same interpreter goes on"
    assert "Traceback" not in platform.logs("left")


def test_metrics_tell_what_calls_met_and_were_answered(platform: Running) -> None:
    platform.live("counted", COUNTED)
    for path in ("/", "/", "/missing", "/raise"):
        platform.call("counted", path)

    def metrics() -> dict[str, Any]:
        return platform.api("GET", "/v1/functions/counted/metrics").json()

    await_condition(lambda: metrics()["calls"] == 4, "the last call to be counted")
    assert metrics()["answers"] == {"2xx": 2, "4xx": 1, "5xx": 1}
    warm = metrics()["starts"]["warm"]
    assert warm["calls"] == 4
    assert 0 < warm["call"]["p50"] <= warm["call"]["p99"]
    assert warm["waited"]["max"] == 0

    with suppress(httpx.ReadTimeout):
        platform.call("counted", "/wait", timeout=0.5)
    await_condition(lambda: metrics()["answers"].get("broken") == 1, "the broken call")
    assert platform.api("GET", "/v1/functions/nobody/metrics").status_code == 404


def hosts(platform: Running) -> list[int]:
    """Return the JVMs of host processes, which are somewhere below the platform's."""
    listed = subprocess.run(["ps", "-wweo", "pid,ppid,args"], capture_output=True, text=True, check=True)  # noqa: S607
    rows = [line.split(None, 2) for line in listed.stdout.splitlines()[1:]]
    below = {str(platform.process.pid)}
    while more := {pid for pid, parent, _ in rows if parent in below} - below:
        below |= more
    return [int(pid) for pid, _, args in rows if pid in below and re.match(r"\S*java .*HostMain", args)]


def test_a_host_that_answers_no_more_is_given_up(platform: Running) -> None:
    platform.live("stuck", HELLO, "[tool.hearth]\ntimeout = '200ms'\n")
    assert platform.call("stuck").status_code == 200

    stopped = hosts(platform)
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    try:
        late = platform.call("stuck")
    finally:
        for pid in stopped:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    assert (late.status_code, late.json()["code"]) == (504, "function_timed_out")
    assert platform.call("stuck").status_code == 200
