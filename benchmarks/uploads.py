"""Measures large uploads to one function of several checkouts in one run.

Each checkout, this one by default, must be built. Its platform gets a function that reads the body as it is, and one that takes a form
with FastAPI. Five bodies of 55 MB are sent to each at once. Prints one JSON document: MB a second of all five together, statuses, and
by how much the memory of services and hosts rose at most, in MiB. FastAPI keeps forms in the temporary folder, whose limit is raised so that
five of them fit.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from started import ROOT, Started

from hearth_cli._deploy import Deployment, deploy

UPLOADS, SIZE, LIMIT = 5, 55_000_000, 600
PROJECT = '[project]\nname = "{name}"\nversion = "1"\nrequires-python = ">=3.12"\ndependencies = {needs}\n\n[tool.hearth]\ntimeout = "10m"\n'
RAW = '''
async def app(scope, receive, send):
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
            return
        size += len(message.get("body", b""))
        more = message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(size).encode()})
'''
FORM = '''
from fastapi import FastAPI, UploadFile

app = FastAPI()


@app.post("/")
async def up(file: UploadFile) -> int:
    return file.size
'''
BOUNDARY = "a-boundary-that-no-file-has"
HEAD = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a"\r\nContent-Type: application/octet-stream\r\n\r\n'
BODIES = {
    "raw": (b"\x01\x02\r\n" * (SIZE // 4), "application/octet-stream"),
    "form": (
        HEAD.encode() + b"\x01\x02\x03\x04" * (SIZE // 4) + f"\r\n--{BOUNDARY}--\r\n".encode(),
        f"multipart/form-data; boundary={BOUNDARY}",
    ),
}
NEEDS = {"raw": [], "form": ["fastapi", "python-multipart"]}
MAINS = {"raw": RAW, "form": FORM}


def upload(url: str, kind: str) -> int:
    """Send one body; return the status, or 0 if the answer is not the size."""
    body, media = BODIES[kind]
    request = urllib.request.Request(url, body, {"content-type": media})  # noqa: S310 - our own address
    try:
        answer = urllib.request.urlopen(request, timeout=LIMIT)  # noqa: S310
        return answer.status if int(answer.read()) == SIZE else 0
    except urllib.error.HTTPError as refused:
        return refused.code


class Peak(threading.Thread):
    """Watches the memory of a platform until it is told to end."""

    def __init__(self, platform: Started) -> None:
        """Begin to watch."""
        super().__init__()
        self._platform, self._end = platform, threading.Event()
        self.before = self.most = self._now()
        self.start()

    def _now(self) -> float:
        total = 0.0
        for process in self._platform.below():
            try:
                total += process.pss
            except OSError:
                continue  # It has ended.
        return total

    def run(self) -> None:
        """Look twice a second."""
        while not self._end.wait(0.5):
            self.most = max(self.most, self._now())

    def rise(self) -> float:
        """End; return the most MiB above the beginning."""
        self._end.set()
        self.join()
        return self.most - self.before


def measure(root: Path) -> dict[str, object]:
    """Measure one checkout."""
    found: dict[str, object] = {}
    with tempfile.TemporaryDirectory(prefix="hearth-bench-") as folder, Started(root) as platform:
        for kind in BODIES:
            project = Path(folder, kind)
            project.mkdir()
            (project / "pyproject.toml").write_text(PROJECT.format(name=kind, needs=NEEDS[kind]))
            (project / "main.py").write_text(MAINS[kind])
            deploy(platform.client, Deployment(project, kind), lambda _: None)
            url = f"{platform.url}/f/default/{kind}/"
            upload(url, kind)
            platform.rest()
            peak = Peak(platform)
            begun = time.monotonic()
            with ThreadPoolExecutor(UPLOADS) as pool:
                statuses = list(pool.map(lambda _: upload(url, kind), range(UPLOADS)))  # noqa: B023
            seconds = time.monotonic() - begun
            found[kind] = {
                "statuses": statuses,
                "megabytesPerSecond": round(UPLOADS * SIZE / 1e6 / seconds, 1),
                "riseMiB": round(peak.rise()),
            }
    return found


def main() -> None:
    """Measure each checkout."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkout", nargs="*", type=Path, default=[ROOT])
    options = parser.parse_args()
    os.environ["EXECUTOR_HOST_INSTANCETEMPORARY"] = "512MB"
    json.dump({root.resolve().name: measure(root.resolve()) for root in options.checkout}, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
