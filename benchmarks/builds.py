"""Measures time of builds and size of artifacts, beside uv, pip, pex and shiv in the same run.

Run it with `benchmarks/builds`; it prints one JSON document. Medians of five.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from started import Started

from hearth_cli._deploy import Deployment, deploy

if TYPE_CHECKING:
    from collections.abc import Callable

RUNS = 5
WEB = ["fastapi", "httpx", "jinja2"]
OTHER = ["attrs", "networkx", "msgpack"]  # Shares nothing with the web set.
OTHER_MAIN = """
import attr, networkx
from workers import Response, WorkerEntrypoint
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return Response(attr.__version__)
"""
MAIN = """
import httpx, jinja2
from fastapi import FastAPI
from pydantic import BaseModel
app = FastAPI()
class Tea(BaseModel):
    name: str
@app.get("/")
def read() -> Tea:
    return Tea(name=jinja2.Template("{{ who }}").render(who=httpx.__name__))
"""


def project(folder: Path, dependencies: list[str], main: str) -> Path:
    """Write a locked project."""
    folder.mkdir(parents=True)
    listed = json.dumps(dependencies)
    (folder / "pyproject.toml").write_text(
        f'[project]\nname = "{folder.name}"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = {listed}\n'
    )
    (folder / "main.py").write_text(main)
    run(["uv", "lock", "-q"], folder)
    return folder


def run(command: list[str], folder: Path, **environment: str) -> None:
    """Run a command; exit with its output if it fails."""
    done = subprocess.run(command, cwd=folder, env=os.environ | environment, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")


def median(action: Callable[[int], float]) -> float:
    """Return the median of several runs, in seconds."""
    return round(statistics.median(action(index) for index in range(RUNS)), 3)


def timed(action: Callable[[], object]) -> float:
    """Return the seconds that a call takes."""
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def peers(source: Path, scratch: Path) -> dict[str, float]:
    """Time other tools on the same set, with empty caches where the name says so."""
    def uv_cold(index: int) -> float:
        copy = shutil.copytree(source, scratch / f"uv-{index}")
        cache = str(scratch / f"uv-cache-{index}")
        return timed(lambda: run(["uv", "sync", "-q", "--locked"], copy, UV_CACHE_DIR=cache))

    def uv_warm(index: int) -> float:
        copy = shutil.copytree(source, scratch / f"uv-warm-{index}")
        return timed(lambda: run(["uv", "sync", "-q", "--locked"], copy))

    def pip_zip(index: int) -> float:
        target = scratch / f"pip-{index}"
        command = ["uvx", "-q", "--from", "pip==25.3", "pip", "install", "-q", "--no-cache-dir", "--target", str(target), *WEB]

        def both() -> None:
            run(command, scratch)
            shutil.make_archive(str(target), "zip", target)

        return timed(both)

    def pex(index: int) -> float:
        out = str(scratch / f"{index}.pex")
        root = str(scratch / f"pex-root-{index}")
        command = ["uvx", "-q", "--from", "pex==2.105.2", "pex", *WEB, "-o", out, "--pex-root", root]
        return timed(lambda: run(command, scratch))

    def shiv(index: int) -> float:
        out = str(scratch / f"{index}.pyz")
        command = ["uvx", "-q", "--with", "pip==25.3", "--from", "shiv==1.0.8", "shiv", "--no-cache-dir", "-o", out, *WEB]
        return timed(lambda: run(command, scratch))

    pex(RUNS)
    shiv(RUNS)
    return {
        "uvSyncEmptyCache": median(uv_cold),
        "uvSyncWarmCache": median(uv_warm),
        "pipTargetAndZip": median(pip_zip),
        "pex": median(pex),
        "shiv": median(shiv),
    }


def steps(revision: dict[str, object]) -> dict[str, float]:
    """Return a revision's build steps in seconds."""
    timings: dict[str, float] = revision["timings"]  # type: ignore[assignment]
    named = {step: timings[step] / 1000 for step in ("resolve", "install", "pack", "publish", "reuse") if step in timings}
    return {**{step: round(took, 3) for step, took in named.items()}, "build": round(sum(named.values()), 3)}


def build(platform: Started, source: Path, name: str) -> dict[str, float]:
    """Deploy a project; return its build's steps."""
    return steps(deploy(platform.client, Deployment(source, name), lambda _: None))


def platform_builds(source: Path, other: Path, scratch: Path) -> dict[str, object]:
    """Time builds: cold (no cache has anything of the project), then code-only, then unchanged."""
    first: list[dict[str, float]] = []
    cold: list[dict[str, float]] = []
    warm: list[dict[str, float]] = []
    unchanged: dict[str, float] = {}
    sizes: dict[str, object] = {}
    for index in range(RUNS * 2):
        with Started() as platform:
            platform.rest()
            if index % 2 == 0:
                # The first build of a platform runs code that is not compiled yet.
                first.append(build(platform, source, "web"))
                continue
            build(platform, other, "other")
            platform.rest()
            cold.append(build(platform, source, "web"))
            if index == 1:
                unchanged = build(platform, source, "web")
                for change in range(RUNS):
                    copy = shutil.copytree(source, scratch / f"change-{change}")
                    (copy / "main.py").write_text(MAIN + f"# {change}\n")
                    warm.append(build(platform, copy, "web"))
                sizes = platform.client.report("web", 1)["sizes"]

    def middle(rows: list[dict[str, float]]) -> dict[str, float]:
        return sorted(rows, key=lambda row: row["build"])[len(rows) // 2]

    return {
        "firstOfAPlatform": middle(first),
        "cold": middle(cold),
        "codeOnly": middle(warm),
        "unchanged": unchanged,
        "sizes": sizes,
    }


def main() -> None:
    """Measure."""
    with tempfile.TemporaryDirectory(prefix="hearth-bench-") as folder:
        scratch = Path(folder)
        source = project(scratch / "web", WEB, MAIN)
        other = project(scratch / "other", OTHER, OTHER_MAIN)
        hearth = platform_builds(source, other, scratch)
        report = {"peers": peers(source, scratch), "hearth": hearth}
        json.dump(report, sys.stdout, indent=2)
        print()


main()
