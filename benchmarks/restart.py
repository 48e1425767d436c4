"""Measures how long a platform with many functions takes to serve again after a restart.

Run it with `benchmarks/restart [--functions N] [CHECKOUT ...]`. Each checkout, this one by default, must be built. For each of them it
starts a platform with no function, deploys N small functions, restarts on the same data, and calls every function once in random
order as soon as the platform says that it is ready. Prints one JSON document; times are seconds.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from started import ROOT, Started

from hearth_cli._deploy import Deployment, deploy

LIMIT = 300
PROJECT = {
    "pyproject.toml": '[project]\nname = "small"\nversion = "0.1.0"\nrequires-python = ">=3.12"\ndependencies = []\n',
    "main.py": "import json\n\n\nasync def app(scope, receive, send):\n"
    '    body = json.dumps({"path": scope["path"]}).encode()\n'
    '    await send({"type": "http.response.start", "status": 200, "headers": []})\n'
    '    await send({"type": "http.response.body", "body": body})\n',
}


def first_calls(url: str, names: list[str]) -> list[float]:
    """Call each function once, one after the other, until it answers; return how long each took."""
    times = []
    for name in names:
        begun = time.monotonic()
        while True:
            try:
                urllib.request.urlopen(f"{url}/f/default/{name}/", timeout=LIMIT).read()  # noqa: S310 - our own address
                break
            except OSError:
                if time.monotonic() - begun > LIMIT:
                    sys.exit(f"{name} did not answer within {LIMIT} s")
        times.append(time.monotonic() - begun)
    return times


def measure(root: Path, count: int) -> dict[str, object]:
    """Measure one checkout."""
    with tempfile.TemporaryDirectory(prefix="hearth-bench-") as folder:
        data = Path(folder)
        project = data / "project"
        project.mkdir()
        for name, text in PROJECT.items():
            (project / name).write_text(text)
        names = [f"small-{index}" for index in range(count)]
        # The first start fills caches; the second one shows what a restart without functions costs.
        Started(root, data).__exit__()
        with Started(root, data) as platform:
            empty = platform.seconds
            with ThreadPoolExecutor(4) as pool:
                list(pool.map(lambda name: deploy(platform.client, Deployment(project, name), lambda _: None), names))
        with Started(root, data) as platform:
            times = first_calls(platform.url, random.sample(names, count))
            ready = platform.seconds
    return {
        "functions": count,
        "readyWithNone": round(empty, 1),
        "readyWithAll": round(ready, 1),
        "ratio": round(ready / empty, 2),
        "firstCall": {
            "p50": round(statistics.median(times), 2),
            "p90": round(sorted(times)[int(count * 0.9)], 2),
            "max": round(max(times), 2),
            "over2s": sum(took > 2 for took in times),  # noqa: PLR2004 - the figure that is wanted
        },
    }


def main() -> None:
    """Measure each checkout."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--functions", type=int, default=100)
    parser.add_argument("checkout", nargs="*", type=Path, default=[ROOT])
    options = parser.parse_args()
    json.dump({root.name: measure(root.resolve(), options.functions) for root in options.checkout}, sys.stdout, indent=2)
    print()


main()
