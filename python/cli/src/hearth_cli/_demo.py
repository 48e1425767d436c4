"""`hearth demo`: deploys and calls the examples on a temporary platform, and measures."""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from hearth_cli._client import Client
from hearth_cli._deploy import Deployment, deploy
from hearth_cli._errors import HearthError
from hearth_cli._platform import Platform

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    import httpx

    from hearth_cli._client import Json

_WARM_CALLS = 200
_START_SECONDS = 300.0
_STOP_SECONDS = 60.0
_OK = 200


@dataclass(frozen=True, slots=True)
class Example:
    """A project below examples/, a call of it, and a part of the expected answer."""

    folder: str
    path: str
    expected: str


_EXAMPLES = (
    Example("hello", "/?name=Hearth", "Hello, Hearth!"),
    Example("fastapi", "/teas/assam", '"minutes":4'),
    Example("flask", "/?name=Hearth", "Hello, Hearth!"),
    Example("lambda", "/?a=20&b=22", "42"),
)


@dataclass(slots=True)
class Result:
    """Result of one example; times in milliseconds."""

    example: str
    state: str
    answer: str
    steps: dict[str, float] = field(default_factory=dict[str, float])
    first_call: float = 0.0
    warm_p50: float = 0.0
    warm_p99: float = 0.0


def demo(say: Callable[[str], None]) -> Json:
    """Start a platform, deploy and call the examples, stop it, and return the measurements."""
    command = os.environ.get("HEARTH_COMMAND")
    if not command:
        message = "demo needs a clone of Hearth's repository."
        raise HearthError(message, "clone it and run ./hearth demo there")
    examples = Path(command).parent / "examples"
    with tempfile.TemporaryDirectory(prefix="hearth-demo-") as data:
        begun = time.monotonic()
        with _platform(command, Path(data), say) as client:
            start = time.monotonic() - begun
            say(f"ready after {start:.1f} s")
            results = [_run(client, examples, example, say) for example in _EXAMPLES]
            health = client.send("/v1/health").json()
        say("stopped")
    return {
        "startSeconds": round(start, 2),
        "health": health,
        "warmCalls": _WARM_CALLS,
        "examples": [asdict(result) for result in results],
    }


@contextmanager
def _platform(command: str, data: Path, say: Callable[[str], None]) -> Generator[Client]:
    say(f"starting Kafka, PostgreSQL, an S3 store, five services and a host process on {data}")
    output = data / "up.out"
    with output.open("wb") as file:
        process = subprocess.Popen(  # noqa: S603 - our own script, no shell
            [command, "up", "--data", str(data), "--port", "0"],
            stdout=file,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    try:
        yield Client(Platform(_await_url(process, data, output), _key(data)))
    finally:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _await_url(process: subprocess.Popen[bytes], data: Path, output: Path) -> str:
    deadline = time.monotonic() + _START_SECONDS
    while not (data / "url").is_file():
        if process.poll() is not None or time.monotonic() > deadline:
            said = output.read_text(encoding="utf-8", errors="replace").strip()
            message = f"the platform did not start:\n{said}"
            raise HearthError(message)
        time.sleep(0.05)
    return (data / "url").read_text(encoding="utf-8").strip()


def _key(data: Path) -> str:
    return (data / "api-key").read_text(encoding="utf-8").strip()


def _run(client: Client, examples: Path, example: Example, say: Callable[[str], None]) -> Result:
    name = example.folder
    say(f"\n{name}: deploying examples/{name}")
    revision = deploy(client, Deployment(examples / name, name), lambda _: None)
    steps = revision["timings"]
    say("  " + "  ".join(f"{step} {milliseconds:.0f} ms" for step, milliseconds in steps.items()))
    url = revision["url"].rstrip("/") + example.path
    first, answer = _timed(client, url, example)
    say(f"  first call {first:.1f} ms: {answer.text.strip()}")
    warm = sorted(_timed(client, url, example)[0] for _ in range(_WARM_CALLS))
    result = Result(
        example=name,
        state=revision["state"],
        answer=answer.text,
        steps={step: round(milliseconds, 2) for step, milliseconds in steps.items()},
        first_call=round(first, 2),
        warm_p50=round(statistics.median(warm), 2),
        warm_p99=round(warm[int(len(warm) * 0.99) - 1], 2),
    )
    say(f"  {_WARM_CALLS} warm calls: p50 {result.warm_p50} ms, p99 {result.warm_p99} ms")
    return result


def _timed(client: Client, url: str, example: Example) -> tuple[float, httpx.Response]:
    begun = time.perf_counter()
    answer = client.send(url)
    took = (time.perf_counter() - begun) * 1000
    if answer.status_code != _OK or example.expected not in answer.text:
        message = f"{example.folder} answered {answer.status_code}: {answer.text[:500]}"
        raise HearthError(message)
    return took, answer
