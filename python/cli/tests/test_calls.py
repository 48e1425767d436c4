"""Concurrency, logs and metrics of calls."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import httpx
from conftest import PYPROJECT, await_condition

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
    # The proxy refuses the platform's own network.
    asked = platform.call("overlap", "/", "POST", content=json.dumps({"url": f"{platform.url}/v1/health"}))
    assert asked.json()["status"] in {403, 405}


def test_apps_see_only_the_clients_headers(platform: Running) -> None:
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


def test_concurrency_limits_the_calls_of_an_instance(platform: Running) -> None:
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


def test_waiting_for_a_turn_does_not_count_against_the_time_limit(platform: Running) -> None:
    main = """
import time
from workers import Response, WorkerEntrypoint
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        ended = time.monotonic() + 2
        while time.monotonic() < ended:
            pass
        return Response("done")
"""
    # Each call takes 2 s; the last one has waited longer than its limit when it starts.
    platform.live("busy", main, '[tool.hearth]\ntimeout = "8s"\nmax-instances = 1\n')
    begin = threading.Barrier(5)

    def call(_: int) -> str:
        begin.wait()
        return platform.call("busy").text

    with ThreadPoolExecutor(5) as threads:
        assert list(threads.map(call, range(5))) == ["done"] * 5


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
    assert " r1 WARNING before a\n" in platform.logs("logs")

    platform.call("logs", "/die")
    await_condition(lambda: "last words" in platform.logs("logs"), "the last line before the exit")


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
                await asyncio.Event().wait()
        return Response("hello", headers={"server-timing": "start;dur=999999"})
"""


def test_metrics_count_answers_and_starts(platform: Running) -> None:
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
        platform.call("counted", "/wait", timeout=3)
    await_condition(lambda: metrics()["answers"].get("broken") == 1, "the broken call")
    assert platform.api("GET", "/v1/functions/nobody/metrics").status_code == 404
