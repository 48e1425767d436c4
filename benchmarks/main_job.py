"""Measures calls, redeploys, start and memory, beside a trivial HTTP server that the same client calls in the same minute.

Run it with `benchmarks/run`; it starts a platform of its own and prints one JSON document.
"""

from __future__ import annotations

import http.client
import json
import statistics
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from started import ROOT, Started, processes

from hearth_cli._deploy import Deployment, deploy

if TYPE_CHECKING:
    from hearth_cli._client import Client

WARM_UP, CALLS, FUNCTIONS, REDEPLOYS = 3000, 2000, 5, 5


class Caller:
    """One kept connection; times are milliseconds."""

    def __init__(self, url: str) -> None:
        """Connect."""
        parts = urlsplit(url)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
        self._connection.connect()

    def get(self, path: str) -> tuple[float, float]:
        """Call; return the milliseconds of the call and of the interpreter's part."""
        begun = time.perf_counter()
        self._connection.request("GET", path)
        answer = self._connection.getresponse()
        answer.read()
        took = (time.perf_counter() - begun) * 1000
        if answer.status != 200:
            sys.exit(f"{path} answered {answer.status}")
        steps = ", ".join(answer.headers.get_all("server-timing") or [])
        run = [step for step in steps.split(", ") if step.startswith("run;dur=")]
        return took, float(run[0].removeprefix("run;dur=")) if run else 0.0


class Trivial(BaseHTTPRequestHandler):
    """Answers 14 bytes to each request."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:  # noqa: N802 - the base class names it
        """Answer 14 bytes."""
        body = b"Hello, world!\n"
        self.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body))

    def log_message(self, *_: object) -> None:
        """Log nothing."""


def quantiles(values: list[float]) -> dict[str, float]:
    """Return median and 99th percentile."""
    ordered = sorted(values)
    return {"p50": round(statistics.median(ordered), 3), "p99": round(ordered[int(len(ordered) * 0.99)], 3)}


def baseline() -> dict[str, float]:
    """Call the trivial server in the same way as the platform."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Trivial)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    caller = Caller(f"http://127.0.0.1:{server.server_port}")
    for _ in range(200):
        caller.get("/")
    result = quantiles([caller.get("/")[0] for _ in range(CALLS)])
    server.shutdown()
    return result


def costs(platform: Started) -> dict[str, dict[str, float]]:
    """Return CPU seconds and proportional memory (MiB) of each process of the platform, PostgreSQL's together."""
    found: dict[str, dict[str, float]] = {}
    hosts = {row.pid for row in platform.hosts()}
    rows = processes()
    postgres = {row.pid for row in rows if str(platform.data) in row.arguments and "postgres" in row.arguments.split()[0]}
    for row in rows:
        if row.pid == platform.process.pid:
            name = "services"
        elif row.pid in hosts:
            name = "host"
        elif row.pid in postgres or row.parent in postgres:
            name = "postgres"
        else:
            continue
        cost = found.setdefault(name, {"cpuSeconds": 0.0, "pssMiB": 0.0})
        cost["cpuSeconds"] = round(cost["cpuSeconds"] + row.cpu_seconds, 1)
        cost["pssMiB"] = round(cost["pssMiB"] + row.pss, 1)
    return found


def measure(platform: Started) -> dict[str, object]:
    """Measure the figures one after the other."""
    at_start = costs(platform)
    url, client = platform.url, platform.client
    hello = ROOT / "examples" / "hello"
    first_calls = []
    for index in range(FUNCTIONS):
        name = f"hello-{index}"
        caller = Caller(url)
        caller._connection.request("GET", "/v1/health")  # noqa: SLF001 - opens the connection
        caller._connection.getresponse().read()  # noqa: SLF001
        deploy(client, Deployment(hello, name), lambda _: None)
        first = caller.get(f"/f/default/{name}/")[0]
        warm = statistics.median(caller.get(f"/f/default/{name}/")[0] for _ in range(200))
        first_calls.append({"first": round(first, 2), "warmP50": round(warm, 2), "ratio": round(first / warm, 1)})
    caller = Caller(url)
    for _ in range(WARM_UP):
        caller.get("/f/default/hello-0/")
    calls = [caller.get("/f/default/hello-0/") for _ in range(CALLS)]
    trivial = baseline()
    total = quantiles([took for took, _ in calls])
    return {
        "up": {"readySeconds": round(platform.seconds, 1), "processes": at_start,
               "totalMiB": round(sum(row["pssMiB"] for row in at_start.values()), 1)},
        "firstCall": first_calls,
        "warmCall": {
            "total": total,
            "interpreter": quantiles([run for _, run in calls]),
            "platformAdds": quantiles([took - run for took, run in calls]),
            "trivialServer": trivial,
            "ratioToTrivialServer": round(total["p50"] / trivial["p50"], 1),
        },
        "codeOnlyRedeploySeconds": redeploys(client),
    }


def redeploys(client: Client) -> dict[str, float]:
    """Deploy changed code with unchanged dependencies."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        for file in (ROOT / "examples" / "hello").iterdir():
            if file.is_file():
                (project / file.name).write_bytes(file.read_bytes())
        times = []
        for index in range(REDEPLOYS):
            with (project / "main.py").open("a") as code:
                code.write(f"# change {index}\n")
            begun = time.perf_counter()
            deploy(client, Deployment(project, "hello-0"), lambda _: None)
            times.append(time.perf_counter() - begun)
        return {"median": round(statistics.median(times), 2), "worst": round(max(times), 2)}


def main() -> None:
    """Start a platform, measure, stop it."""
    with Started() as platform:
        json.dump(measure(platform), sys.stdout, indent=2)
        print()


if __name__ == "__main__":
    main()
