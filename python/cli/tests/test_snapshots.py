"""Hosts that are restored from snapshots: those of the stem pool, and those of one revision."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT, Running, await_condition

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [
    pytest.mark.platform,
    pytest.mark.skipif(
        os.getuid() != 0 or not (ROOT / ".hearth-tools/criu/criu").exists(),
        reason="snapshots need root and CRIU, which `./hearth up` fetches where it can",
    ),
]

# Answers its state at import, the notes of its hooks, and values that must differ between instances.
STATEFUL = """
import json, os, random, secrets, uuid
import urllib.request  # Imported here, because fetch would import it during a call, which has little time.
from workers import Response, WorkerEntrypoint, fetch, register_after_restore, register_before_snapshot
IMPORTED = uuid.uuid4().hex
NOTES = []
register_before_snapshot(NOTES.append, "before, called second")
register_before_snapshot(NOTES.append, "before, called first")
register_after_restore(NOTES.append, "after")
async def note_later():
    NOTES.append("after, awaited")
register_after_restore(note_later)
with open(os.environ["TMPDIR"] + "/written", "w") as file:
    file.write(IMPORTED)
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        while request.url.endswith("/hang"):
            try:
                while True:
                    pass
            except BaseException:
                pass
        if request.url.endswith("/way-out"):
            return Response(str((await fetch("http://169.254.169.254/")).status))
        written = open(os.environ["TMPDIR"] + "/written").read()
        now = [uuid.uuid4().hex, random.random(), secrets.token_hex(8)]
        return Response(json.dumps([IMPORTED, written == IMPORTED, NOTES, now]))
"""
LIMIT = "[tool.hearth]\ntimeout = '3s'\n"


@pytest.fixture(scope="module")
def eager(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A platform that makes a snapshot of every revision."""
    platform = Running(tmp_path_factory.mktemp("eager") / "data", EXECUTOR_HOST_SNAPSHOTAFTER="0ms")
    yield platform
    platform.stop()


def log(platform: Running) -> str:
    return (platform.data / "hearth.log").read_text()


def end_instance(platform: Running, name: str) -> None:
    assert platform.call(name, "/hang").status_code == 504


def test_an_ended_instance_is_restored_as_it_was_after_its_import(eager: Running) -> None:
    eager.live("stateful", STATEFUL, LIMIT)
    first = eager.call("stateful").json()
    assert first[1:3] == [True, []]
    await_condition(lambda: "snapshot of a revision made" in log(eager), "the snapshot")

    answers = []
    for _ in range(2):
        end_instance(eager, "stateful")
        answer = eager.call("stateful")
        assert answer.headers["hearth-start"] == "restored"
        answers.append(answer.json())
        assert eager.call("stateful").headers["hearth-start"] == "warm"
    one, other = answers
    assert one[0] == other[0] != first[0], "both come from one import, that of the snapshot"
    assert (
        one[1:3]
        == other[1:3]
        == [True, ["before, called first", "before, called second", "after", "after, awaited"]]
    )
    assert not set(map(str, one[3])) & set(map(str, other[3])), "random values repeat"
    restored = eager.api("GET", "/v1/functions/stateful/metrics").json()["starts"]["restored"]
    assert restored["calls"] == len(answers)
    assert 0 < restored["waited"]["max"] <= restored["call"]["max"]
    assert eager.call("stateful", "/way-out").text == "403", "a restored instance uses the proxy"


def test_a_restored_host_that_is_killed_is_replaced(eager: Running) -> None:
    eager.live("mortal", STATEFUL, LIMIT)
    await_condition(lambda: log(eager).count("snapshot of a revision made") > 1, "the snapshot")
    for _ in range(2):
        end_instance(eager, "mortal")
        assert eager.call("mortal").headers["hearth-start"] == "restored"
        booted = [line for line in log(eager).splitlines() if "instance ready" in line and "mortal" in line]
        name = booted[-1].split('host="')[1].split('"')[0]
        for pid in eager.tree():
            arguments = open(f"/proc/{pid}/cmdline").read()  # noqa: PTH123, SIM115
            if "bwrap" in arguments.partition("--unshare")[0] and f"/{name}/" in arguments:
                os.kill(pid, signal.SIGKILL)
        end = f'host ended host="{name}"'
        await_condition(lambda end=end: end in log(eager), "the host to end")
        assert eager.call("mortal").status_code == 200


@pytest.mark.parametrize(
    ("name", "main", "said"),
    [
        (
            "unwilling",
            "def no(): raise RuntimeError('not me')\nregister_before_snapshot(no)\n",
            "RuntimeError: not me",
        ),
        (
            "connected",
            (
                "import os, socket\n"
                "from urllib.parse import urlsplit\n"
                "proxy = urlsplit(os.environ['HTTPS_PROXY'])\n"
                "open_one = socket.create_connection((proxy.hostname, proxy.port))\n"
            ),
            "Close them in a hook",
        ),
    ],
)
def test_the_log_says_why_a_function_has_no_snapshot(eager: Running, name: str, main: str, said: str) -> None:
    eager.live(name, STATEFUL.replace("class Default", main + "class Default"), LIMIT)
    await_condition(lambda: said in eager.logs(name), "the reason")
    end_instance(eager, name)
    assert eager.call(name).headers["hearth-start"] in {"prepared", "cold"}


def test_the_stem_snapshot_survives_a_restart(eager: Running) -> None:
    assert 'start="snapshot"' in log(eager)
    booted = log(eager).count("ahead-of-time cache")
    assert booted == 1, "only the first host booted"
    start = eager.api("GET", "/v1/health").json()["node"]["start"]
    assert start.startswith("snapshot by CRIU ")
    eager.kill()
    again = Running(eager.data, EXECUTOR_HOST_SNAPSHOTAFTER="0ms")
    try:
        assert again.call("stateful").json()[1] is True
        assert log(again).count("ahead-of-time cache") == booted
    finally:
        eager.process, eager.http = again.process, again.http
