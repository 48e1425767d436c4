"""A real platform for the tests that want one, started once."""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import threading
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[3]
PYPROJECT = '[project]\nname = "x"\nversion = "1"\nrequires-python = ">=3.12"\n'
_START_SECONDS = 240.0
_STOP_SECONDS = 60.0


def tool(name: str) -> str:
    """Return the path of a program, ours where there is none on PATH."""
    return shutil.which(name) or next(str(path) for path in ROOT.glob(f".hearth-tools/{name}/bin/{name}"))


def await_condition(condition: Callable[[], bool], what: str, seconds: float = 60.0) -> None:
    """Look again and again until a condition holds."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds} s for {what}"
        pause.wait(0.05)


class Running:
    """A platform that `./hearth up` keeps."""

    def __init__(self, data: Path, **environment: str) -> None:
        """Start it and wait until it is ready."""
        self.data = data
        self.output = data.parent / f"{data.name}.out"
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(  # noqa: S603
                [str(ROOT / "hearth"), "up", "--data", str(data), "--port", "0"],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                # Builds that hang meet their limits within a test's patience.
                env=os.environ | {"BUILD_SANDBOX_TIME": "20s", "BUILD_UV_LIMIT": "45s"} | environment,
            )
        await_condition(self._started, "the platform to start", _START_SECONDS)
        self.url = (data / "url").read_text().strip()
        self.key = (data / "api-key").read_text().strip()
        self.http = httpx.Client(base_url=self.url, timeout=90.0)

    def _started(self) -> bool:
        assert self.process.poll() is None, self.output.read_text()
        return "Ready in" in self.output.read_text()

    def tree(self) -> list[int]:
        """Return the processes that belong to the platform, PostgreSQL's too."""
        listed = subprocess.run(["ps", "-wweo", "pid,args"], capture_output=True, text=True, check=True)  # noqa: S607
        own = [line for line in listed.stdout.splitlines() if str(self.data) in line]
        return [int(line.split()[0]) for line in own]

    def stop(self) -> int:
        """Stop it as Ctrl-C does, and return its exit code."""
        self.http.close()
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(_STOP_SECONDS)

    def kill(self) -> None:
        """End every process of it at once."""
        self.http.close()
        for pid in [self.process.pid, *self.tree()]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.process.wait()

    def api(self, method: str, path: str, **options: object) -> httpx.Response:
        """Call the API with the key."""
        headers = {"authorization": f"Bearer {self.key}", **options.pop("headers", {})}  # type: ignore[dict-item]
        return self.http.request(method, path, headers=headers, **options)  # type: ignore[arg-type]

    def upload(self, name: str, files: dict[str, str] | bytes, **headers: str) -> httpx.Response:
        """Upload a project, given as files or as an archive."""
        content = files if isinstance(files, bytes) else archive(files)
        return self.api("POST", f"/v1/functions/{name}/revisions", content=content, headers=headers)

    def deploy(self, name: str, files: dict[str, str] | bytes, **headers: str) -> dict[str, object]:
        """Upload a project and return its revision when it has ended one way or the other."""
        accepted = self.upload(name, files, **headers)
        assert accepted.status_code == 202, accepted.text
        location = accepted.headers["location"]
        revision: dict[str, object] = {}

        def ended() -> bool:
            revision.update(self.api("GET", location).json())
            return revision["state"] in {"live", "failed", "superseded"}

        await_condition(ended, f"{name} to be live or failed", 180.0)
        return revision

    def live(self, name: str, main: str, extra: str = "", **headers: str) -> dict[str, object]:
        """Deploy a main.py and insist that it becomes live."""
        revision = self.deploy(name, {"pyproject.toml": PYPROJECT + extra, "main.py": main}, **headers)
        assert revision["state"] == "live", revision
        return revision

    def call(self, name: str, path: str = "/", method: str = "GET", **options: object) -> httpx.Response:
        """Call a function."""
        return self.http.request(method, f"/f/default/{name}{path}", **options)  # type: ignore[arg-type]

    def logs(self, name: str) -> str:
        """Return what a function printed."""
        return self.api("GET", f"/v1/functions/{name}/logs").text


def archive(files: dict[str, str]) -> bytes:
    """Return a zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return buffer.getvalue()


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Return the platform that most tests share."""
    running = Running(tmp_path_factory.mktemp("platform") / "data")
    yield running
    running.stop()
