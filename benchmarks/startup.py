"""Measures start, memory and warm calls of two checkouts in one run.

Each is started once to fill its caches, then in turn with the other on the same data folder. Ratios are this checkout
divided by the other one.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

from main_job import Caller, costs
from started import ROOT, Started

from hearth_cli._deploy import Deployment, deploy

ROUNDS, WARM_UP, CALLS, CONNECTIONS, LOAD_SECONDS = 3, 2000, 2000, 8, 10.0


def throughput(url: str) -> float:
    """Return calls a second over several connections."""
    end = time.monotonic() + LOAD_SECONDS
    counts = [0] * CONNECTIONS

    def load(index: int) -> None:
        caller = Caller(url)
        while time.monotonic() < end:
            caller.get("/f/default/hello/")
            counts[index] += 1

    threads = [threading.Thread(target=load, args=(index,)) for index in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / LOAD_SECONDS


def measure(root: Path, data: Path) -> dict[str, float]:
    """Start a checkout on its data folder; return the figures of this start and of calls."""
    with Started(root, data) as platform:
        platform.rest()
        parts = costs(platform)
        memory = parts["services"]["pssMiB"] + parts["postgres"]["pssMiB"]
        deploy(platform.client, Deployment(ROOT / "examples" / "hello", "hello"), lambda _: None)
        caller = Caller(platform.url)
        for _ in range(WARM_UP):
            caller.get("/f/default/hello/")
        calls = [caller.get("/f/default/hello/")[0] for _ in range(CALLS)]
        return {
            "readySeconds": platform.seconds,
            "servicesMiB": memory,
            "warmCallP50": statistics.median(calls),
            "callsPerSecond": throughput(platform.url),
        }


def prime(root: Path, data: Path) -> None:
    """Start a checkout once and wait for its work in the background."""
    with Started(root, data) as platform:
        platform.rest()


def main() -> None:
    """Compare two checkouts."""
    checkouts = {"this": ROOT, "other": Path(sys.argv[1]).resolve()}
    found: dict[str, list[dict[str, float]]] = {name: [] for name in checkouts}
    with tempfile.TemporaryDirectory(prefix="hearth-startup-") as folder:
        folders = {name: Path(folder, name) for name in checkouts}
        for name, root in checkouts.items():
            folders[name].mkdir()
            prime(root, folders[name])
        for _ in range(ROUNDS):
            for name, root in checkouts.items():
                found[name].append(measure(root, folders[name]))
    medians = {
        name: {key: statistics.median(each[key] for each in rounds) for key in rounds[0]}
        for name, rounds in found.items()
    }
    ratios = {key: round(value / medians["other"][key], 2) for key, value in medians["this"].items()}
    json.dump({"ratios": ratios, "medians": medians, "rounds": found}, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
