"""Number of instances: more when calls wait, fewer when memory is short."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import httpx
import pytest
from conftest import BRIEF_HOSTS, PYPROJECT, Running, await_condition

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.platform

# Answers the id of its instance; /eat uses 1 GiB.
HANDLER = """
import uuid
INSTANCE = uuid.uuid4().hex
def handler(event, context):
    if event["rawPath"].endswith("/eat"):
        eaten = [bytearray(1 << 20) for _ in range(1 << 10)]
    return {"statusCode": 200, "body": INSTANCE, "headers": {"memory": str(context.memory_limit_in_mb)}}
"""

# Answers the id of its instance. /held logs the id at once and answers when the body is complete.
HELD = """
import uuid
INSTANCE = uuid.uuid4().hex
def app(environ, start_response):
    if environ["PATH_INFO"] == "/held":
        print(INSTANCE)
        environ["wsgi.input"].read()
    start_response("200 OK", [])
    return [INSTANCE.encode()]
"""


def _settings(*lines: str) -> str:
    return "\n".join(["[tool.hearth]", 'entry = "main:handler"', *lines, ""])


def _held(*lines: str) -> str:
    return "\n".join(["[tool.hearth]", 'entry = "main:app"', *lines, ""])


def _serving(platform: Running, name: str) -> set[str]:
    lines = platform.api("GET", f"/v1/functions/{name}/logs", headers={"accept": "application/x-ndjson"})
    return {json.loads(line)["text"] for line in lines.text.splitlines()}


def _hold(platform: Running, name: str, calls: int, instances: int) -> list[httpx.Response]:
    """Hold calls open until the given number of instances serves them; return their answers."""
    released = threading.Event()

    def body() -> Iterator[bytes]:
        yield b"begun"
        released.wait()

    with ThreadPoolExecutor(calls) as threads:
        held = [threads.submit(platform.call, name, "/held", "POST", content=body()) for _ in range(calls)]
        try:
            await_condition(lambda: len(_serving(platform, name)) >= instances, "the instances to serve")
            if calls > instances:
                # A further call waits longer than the pool waits before it would start another instance.
                with pytest.raises(httpx.TimeoutException):
                    platform.call(name, timeout=1.5)
        finally:
            released.set()
        answers = [call.result() for call in held]
    assert {answer.status_code for answer in answers} == {200}
    return answers


def test_waiting_calls_start_further_instances(platform: Running) -> None:
    platform.live("growing", HELD, _held("max-instances = 3"))
    platform.live("alone", HELD, _held("max-instances = 1"))

    assert len({answer.text for answer in _hold(platform, "alone", 4, 1)}) == 1
    first = platform.call("growing").text
    grown = {answer.text for answer in _hold(platform, "growing", 8, 3)}
    assert first in grown
    assert len(grown) == 3


def test_min_instances_are_ready_before_the_first_call(platform: Running) -> None:
    platform.live("ready", HELD, _held("min-instances = 2", "max-instances = 2"))

    answers = _hold(platform, "ready", 2, 2)
    assert len({answer.text for answer in answers}) == 2
    assert {answer.headers["hearth-start"] for answer in answers} == {"warm"}


def test_memory_limits_only_the_function_that_sets_it(platform: Running) -> None:
    platform.live("neighbour", HANDLER, _settings())
    platform.live("small", HANDLER, _settings('memory = "160MB"'))
    neighbour = platform.call("neighbour").text

    assert platform.call("small").headers["memory"] == "160"
    eaten = platform.call("small", "/eat", "POST")
    assert eaten.status_code in {500, 502}, eaten.text
    assert platform.call("small").status_code == 200
    assert platform.call("neighbour").text == neighbour


@pytest.mark.parametrize(
    ("settings", "part"),
    [
        ("max-instances = 0", "but is 0"),
        ("min-instances = 5\nmax-instances = 2", "Raise max-instances or lower min-instances"),
        ('memory = "lots"', "512MB"),
        ("max_instances = 2", "max-instances"),
    ],
)
def test_invalid_settings_fail_the_deploy(platform: Running, settings: str, part: str) -> None:
    revision = platform.deploy(
        "wrong", {"pyproject.toml": PYPROJECT + _settings(settings), "main.py": HANDLER}
    )

    assert revision["state"] == "failed"
    assert part in str(revision["reason"])


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A platform with little memory for hosts, few instances for each host, and no snapshots."""
    settings = {"BUDGET": "800MB", "HEAP": "300MB", "LIVES": "4", "START": "cache"}
    environment = {f"EXECUTOR_HOST_{name}": value for name, value in settings.items()}
    # A call waits for the boot of a host, which takes a minute on a busy machine.
    environment |= {"EXECUTOR_POOL_STARTPATIENCE": "5m", "API_GATEWAY_NODEPATIENCE": "5m"}
    running = Running(tmp_path_factory.mktemp("narrow") / "data", **environment, **BRIEF_HOSTS)
    yield running
    running.stop()


def test_a_worn_out_host_is_replaced(narrow: Running) -> None:
    for _ in range(4):
        narrow.live("moving", HANDLER, _settings())
    first = narrow.call("moving").text

    def moved() -> bool:
        answer = narrow.call("moving", method="POST")
        assert answer.status_code == 200, answer.text
        return answer.text != first

    await_condition(moved, "the function to move to another host")
    boots = [line for line in (narrow.data / "hearth.log").read_text().splitlines() if "host booted" in line]
    assert boots
    assert all('start="jvm with ahead-of-time cache"' in line for line in boots)


def test_the_least_valuable_instances_are_evicted_when_memory_is_short(narrow: Running) -> None:
    # Each has its own process, and the budget has no room for all three.
    narrow.live("kept", HANDLER, _settings("min-instances = 1", 'memory = "384MB"'))
    kept = narrow.call("kept").text
    for name in ("passing", "latest"):
        narrow.live(name, HANDLER, _settings('memory = "384MB"'))

    evicted = narrow.call("passing", timeout=300)
    assert evicted.status_code == 200, evicted.text
    assert evicted.headers["hearth-start"] != "warm"
    assert "start;dur=" in evicted.headers["server-timing"]
    assert narrow.call("passing").headers["hearth-start"] == "warm"
    answer = narrow.call("kept")
    assert answer.headers["hearth-start"] == "warm"
    assert answer.text == kept

    refused = narrow.deploy(
        "huge", {"pyproject.toml": PYPROJECT + _settings('memory = "4GB"'), "main.py": HANDLER}
    )
    assert refused["state"] == "failed"
    assert "EXECUTOR_HOST_BUDGET" in str(refused["reason"])
