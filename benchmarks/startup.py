"""Measures start, memory and warm calls of two checkouts in one run.

Each is started once to fill its caches, then in turn with the other on the same data folder. For the calls both run, and
take turns of some seconds. Ratios are this checkout divided by the other one; those of calls are medians over the turns.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path

from main_job import Caller, costs
from started import ROOT, Started

from hearth_cli._deploy import Deployment, deploy

STARTS, TURNS, CALLS, CONNECTIONS, LOAD_SECONDS, WARM_UP_SECONDS = 3, 8, 1000, 8, 5.0, 30.0
# Examples that are called, with a path of each.
PATHS = {"hello": "/f/default/hello/", "fastapi": "/f/default/fastapi/teas/assam"}


def throughput(url: str, path: str, seconds: float) -> float:
    """Return calls a second over several connections."""
    end = time.monotonic() + seconds
    counts = [0] * CONNECTIONS

    def load(index: int) -> None:
        caller = Caller(url)
        while time.monotonic() < end:
            caller.get(path)
            counts[index] += 1

    threads = [threading.Thread(target=load, args=(index,)) for index in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds


def start(root: Path, data: Path) -> dict[str, float]:
    """Start a checkout on its data folder and return what that costs."""
    with Started(root, data) as platform:
        platform.rest()
        parts = costs(platform)
        memory = parts["services"]["pssMiB"] + parts["postgres"]["pssMiB"]
        return {"readySeconds": platform.seconds, "servicesMiB": memory}


def call(url: str) -> dict[str, float]:
    """Take one turn of calls."""
    caller, found = Caller(url), dict[str, float]()
    for name, path in PATHS.items():
        found[f"{name}CallsPerSecond"] = throughput(url, path, LOAD_SECONDS)
        found[f"{name}WarmCallP50"] = statistics.median(caller.get(path)[0] for _ in range(CALLS))
    return found


def calls(checkouts: dict[str, Path], folders: dict[str, Path]) -> dict[str, list[dict[str, float]]]:
    """Let all checkouts run and take turns."""
    with ExitStack() as stack:
        urls = {}
        for name, root in checkouts.items():
            platform = stack.enter_context(Started(root, folders[name]))
            for example in PATHS:
                deploy(platform.client, Deployment(ROOT / "examples" / example, example), lambda _: None)
            urls[name] = platform.url
        for url in urls.values():
            for path in PATHS.values():
                throughput(url, path, WARM_UP_SECONDS)
        turns: dict[str, list[dict[str, float]]] = {name: [] for name in urls}
        for _ in range(TURNS):
            for name, url in urls.items():
                turns[name].append(call(url))
        return turns


def medians(rounds: list[dict[str, float]]) -> dict[str, float]:
    """Return the median of each figure."""
    return {key: statistics.median(each[key] for each in rounds) for key in rounds[0]}


def prime(root: Path, data: Path) -> None:
    """Start a checkout once and wait for its work in the background."""
    with Started(root, data) as platform:
        platform.rest()


def main() -> None:
    """Compare two checkouts."""
    checkouts = {"this": ROOT, "other": Path(sys.argv[1]).resolve()}
    starts: dict[str, list[dict[str, float]]] = {name: [] for name in checkouts}
    with tempfile.TemporaryDirectory(prefix="hearth-startup-") as folder:
        folders = {name: Path(folder, name) for name in checkouts}
        for name, root in checkouts.items():
            folders[name].mkdir()
            prime(root, folders[name])
        for _ in range(STARTS):
            for name, root in checkouts.items():
                starts[name].append(start(root, folders[name]))
        turns = calls(checkouts, folders)
    found = {name: medians(starts[name]) | medians(turns[name]) for name in checkouts}
    ratios = {key: found["this"][key] / found["other"][key] for key in medians(starts["this"])}
    for key in turns["this"][0]:
        pairs = zip(turns["this"], turns["other"], strict=True)
        ratios[key] = statistics.median(this[key] / other[key] for this, other in pairs)
    ratios = {key: round(ratio, 2) for key, ratio in ratios.items()}
    json.dump({"ratios": ratios, "medians": found, "starts": starts, "turns": turns}, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
