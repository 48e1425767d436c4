"""Measures start, throughput and memory of instances, beside functions-framework with the same client in the same minute.

Run it with `benchmarks/interpreters` (about five minutes; it needs `wrk`); it starts a platform of its own and prints one JSON document.
`benchmarks/interpreters churn` instead ends 2,000 instances one after the other (20 to 35 minutes) and measures the node's memory.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

from started import Started

from hearth_cli._deploy import Deployment, deploy

STARTS, HEAVY_STARTS, TINY, HEAVY, SECONDS, WARM_UPS, ROUNDS = 25, 9, 15, 2, 5, 8, 3
FIRST, ALL = 200, 2000
PROJECT = '[project]\nname = "x"\nversion = "1"\nrequires-python = ">=3.12"\ndependencies = {}\n[tool.hearth]\ntimeout = "{}"\n'
TINY_MAIN = """
from workers import Response, WorkerEntrypoint
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        while request.url.endswith("/hang"):
            try:
                while True:
                    pass
            except BaseException:
                pass
        return Response("Hello, Hearth!")
"""
HEAVY_MAIN = """
from fastapi import FastAPI
from pydantic import BaseModel
app = FastAPI()
class Tea(BaseModel):
    name: str
@app.get("/")
async def read() -> Tea:
    return Tea(name="assam")
@app.get("/hang")
async def hang() -> Tea:
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
"""
PEER = """
import functions_framework
@functions_framework.http
def hello(request):
    return "Hello, Hearth!"
"""


class Bench(Started):
    """A platform under measurement."""

    def __init__(self, scratch: Path) -> None:
        """Start the platform."""
        super().__init__()
        self.scratch = scratch
        parts = urlsplit(self.url)
        self.connection = http.client.HTTPConnection(parts.hostname or "", parts.port)

    def deploy(self, name: str, main: str, dependencies: list[str], timeout: str = "30s") -> float:
        """Deploy a project; return the seconds of its step `warm`."""
        folder = self.scratch / name
        folder.mkdir(exist_ok=True)
        (folder / "pyproject.toml").write_text(PROJECT.format(json.dumps(dependencies), timeout))
        (folder / "main.py").write_text(main)
        return deploy(self.client, Deployment(folder, name), lambda _: None)["timings"]["warm"] / 1000

    def get(self, path: str) -> tuple[int, float, dict[str, float], str]:
        """Call a function; return status, seconds, the seconds of each step of Server-Timing, and Hearth-Start."""
        begun = time.perf_counter()
        self.connection.request("GET", f"/f/default/{path}")
        answer = self.connection.getresponse()
        answer.read()
        took = time.perf_counter() - begun
        steps = re.findall(r"(\w+);dur=([\d.]+)", ", ".join(answer.headers.get_all("server-timing") or []))
        return answer.status, took, {name: float(ms) / 1000 for name, ms in steps}, answer.headers.get("hearth-start", "")

    def rooms(self) -> dict[int, float]:
        """Return the proportional memory of each host process, in MiB."""
        return {row.pid: row.pss for row in self.hosts()}

    def room(self) -> float:
        """Return the proportional memory of all host processes, in MiB."""
        return round(sum(self.rooms().values()), 1)

    def settled(self) -> dict[int, float]:
        """Return the same as `rooms` when the number of processes is stable, because snapshots start some."""
        before: dict[int, float] = {}
        for _ in range(30):
            now = self.rooms()
            if now.keys() == before.keys() and abs(sum(now.values()) - sum(before.values())) < 4:
                return now
            before = now
            time.sleep(5)
        sys.exit("host processes do not settle")

    def claims(self) -> list[float]:
        """Return the durations of claims of a host from the stem pool, in milliseconds."""
        return [float(took) for took in re.findall(r'host claimed .*tookMs="([\d.]+)"', self.log.read_text())]


def quantiles(values: list[float]) -> dict[str, float]:
    """Return median and 99th percentile, in milliseconds."""
    ordered = sorted(values)
    return {"p50": round(statistics.median(ordered) * 1000, 1), "p99": round(ordered[int(len(ordered) * 0.99)] * 1000, 1)}


def restarts(bench: Bench, name: str, rounds: int) -> dict[str, object]:
    """End an instance by a hanging call, and time the next call."""
    waited, answered, kinds = [], [], set()
    for _ in range(rounds):
        status = bench.get(f"{name}/hang")[0]
        if status != 504:
            sys.exit(f"a call that hangs was answered {status}")
        status, took, steps, kind = bench.get(f"{name}/")
        if status != 200:
            sys.exit(f"the call after it was answered {status}")
        waited.append(steps["start"])
        answered.append(took)
        kinds.add(kind)
    return {"start": quantiles(waited), "answer": quantiles(answered), "kinds": sorted(kinds)}


def await_snapshots(bench: Bench, number: int, name: str) -> None:
    """Wait until the given number of snapshots exists and an instance was restored; without CRIU, give up."""
    for _ in range(30):
        if bench.log.read_text().count("snapshot of a revision made") >= number:
            break
        time.sleep(3)
    for _ in range(20):
        if restarts(bench, name, 1)["kinds"] == ["restored"]:
            return
        time.sleep(3)


def load(url: str) -> dict[str, float]:
    """Call with 32 connections at once."""
    done = subprocess.run(
        ["wrk", "-t1", "-c32", f"-d{SECONDS}s", "--latency", url], capture_output=True, text=True, check=True
    ).stdout
    if "Non-2xx" in done:
        sys.exit(done)
    return {"perSecond": float(re.findall(r"Requests/sec:\s+([\d.]+)", done)[0])}


def peer(scratch: Path) -> tuple[subprocess.Popen[bytes], str]:
    """Start functions-framework as it serves in production."""
    (scratch / "peer.py").write_text(PEER)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        ["uvx", "-q", "--from", "functions-framework==3.9.2", "functions-framework",
         "--source", str(scratch / "peer.py"), "--target", "hello", "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ | {"UV_NO_PROGRESS": "1"},
    )
    while socket.socket().connect_ex(("127.0.0.1", port)):
        if process.poll() is not None:
            sys.exit("functions-framework did not start")
        time.sleep(0.1)
    return process, f"http://127.0.0.1:{port}/"


def throughput(bench: Bench, scratch: Path) -> dict[str, object]:
    """Measure the throughput of the platform and of functions-framework in turn."""
    process, url = peer(scratch)
    try:
        pairs = []
        for _ in range(WARM_UPS):
            load(f"{bench.url}/f/default/tiny-0/")
        for _ in range(ROUNDS):
            pairs.append((load(f"{bench.url}/f/default/tiny-0/")["perSecond"], load(url)["perSecond"]))
    finally:
        process.terminate()
        process.wait()
    return {
        "hearth": statistics.median(own for own, _ in pairs),
        "functionsFramework": statistics.median(other for _, other in pairs),
        "ratio": round(statistics.median(own / other for own, other in pairs), 2),
    }


def measure(bench: Bench, scratch: Path) -> dict[str, object]:
    """Measure the figures one after the other."""
    idle = bench.room()
    first = bench.deploy("first", TINY_MAIN, [])
    warms, before = [], 0.0
    for index in range(TINY):
        if index == 1:
            time.sleep(3)
            before = bench.room()
        warms.append(bench.deploy(f"tiny-{index}", TINY_MAIN, [], "100ms" if index == 1 else "30s"))
        time.sleep(1.5)  # The stem pool is refilled in the background.
    tiny = (bench.room() - before) / (TINY - 1)
    for _ in range(3000):
        bench.get("tiny-0/")
    calls = [bench.get("tiny-0/")[1] for _ in range(2000)]
    served = throughput(bench, scratch)
    ended = restarts(bench, "tiny-1", STARTS)
    heavy_first = bench.deploy("heavy-0", HEAVY_MAIN, ["fastapi"], "500ms")
    one = bench.settled()
    heavy = [bench.deploy(f"heavy-{index}", HEAVY_MAIN, ["fastapi"]) for index in range(1, HEAVY + 1)]
    more = bench.settled()
    # These share the existing process.
    each = max(more[pid] - one[pid] for pid in one.keys() & more.keys()) / HEAVY
    await_snapshots(bench, HEAVY + 1, "heavy-0")
    restored = max([room for pid, room in bench.settled().items() if pid not in more], default=0.0)
    return {
        "stemPoolIdleMiB": idle,
        "firstFunctionWarmMs": round(first * 1000),
        "claimsMs": bench.claims(),
        "newInstanceMs": quantiles(warms[1:]),
        "endedInstanceMs": ended,
        "warmCallMs": quantiles(calls),
        "throughput32": served,
        "tinyMiB": round(tiny, 2),
        "tinyPerGiB": round(1024 / tiny, 1),
        "fastapi": {
            "firstWarmMs": round(heavy_first * 1000),
            "nextWarmMs": quantiles(heavy),
            "endedInstanceMs": restarts(bench, "heavy-0", HEAVY_STARTS),
            "MiB": round(each, 1),
            "perGiB": round(1024 / each, 1),
            "restoredMiB": round(restored, 1),
        },
    }


def churn(bench: Bench, _scratch: Path) -> dict[str, object]:
    """Start, call and end instances; exit if a call fails."""
    bench.deploy("tiny", TINY_MAIN, [], "100ms")
    restarts(bench, "tiny", FIRST)
    early = bench.room()
    ended = restarts(bench, "tiny", ALL - FIRST)
    late = bench.room()
    return {"instances": ALL, "afterFirstMiB": early, "afterAllMiB": late, "ratio": round(late / early, 2), "endedInstanceMs": ended}


def main() -> None:
    """Run the benchmark."""
    what = churn if sys.argv[1:] == ["churn"] else measure
    if what is measure and not shutil.which("wrk"):
        sys.exit("this benchmark calls with wrk: apt-get install wrk")
    with tempfile.TemporaryDirectory(prefix="hearth-bench-") as folder, Bench(Path(folder)) as bench:
        json.dump(what(bench, Path(folder)), sys.stdout, indent=2)
        print()


main()
