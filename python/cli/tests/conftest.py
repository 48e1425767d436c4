"""Fixtures for platform tests. Tests that use a platform have the mark `platform`; most share one."""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import threading
import time
import zipfile
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[3]
PYPROJECT = '[project]\nname = "x"\nversion = "1"\nrequires-python = ">=3.12"\n'
# Hosts compile their code once instead of twice, which takes a quarter off their processor time, and imports
# that a busy machine slows down lead to no snapshots. The tests of restarts, snapshots and the five services
# leave it out.
BRIEF_HOSTS = {"EXECUTOR_HOST_JAVAOPTIONS": "-XX:TieredStopAtLevel=1", "EXECUTOR_HOST_SNAPSHOTAFTER": "1h"}
_START_SECONDS = 300.0
_STOP_SECONDS = 180.0
_DEPLOY_SECONDS = 600.0


def tool(name: str) -> str:
    """Return the path of a program: the one on PATH, else the one that ./hearth fetched."""
    fetched = [path for at in ("*/bin", "*") for path in ROOT.glob(f".hearth-tools/{at}/{name}")]
    return shutil.which(name) or str(next(path for path in fetched if path.is_file()))


def await_condition(condition: Callable[[], bool], what: str, seconds: float = 120.0) -> None:
    """Wait until a condition holds; the limit only ends a test that hangs, so make it generous."""
    begun = time.monotonic()
    pause = threading.Event()
    while not condition():
        waited = time.monotonic() - begun
        assert waited < seconds, f"waited {seconds} s for {what}"
        # Looking costs processor time, of which what is waited for needs all.
        pause.wait(min(max(waited / 10, 0.05), 0.5))


class Running:
    """A platform started by `./hearth up`."""

    def __init__(self, data: Path, **environment: str) -> None:
        """Start a platform and wait until it is ready."""
        self.data = data
        self.output = data.parent / f"{data.name}.out"
        self._start(environment)
        self.connect()

    @classmethod
    def kept(cls, folder: Path) -> Running:
        """Return the platform of an earlier run; start one if there is none or if it is of an older build."""
        folder.mkdir(parents=True, exist_ok=True)
        pid_file = folder / "pid"
        pid = int(pid_file.read_text()) if pid_file.exists() else 0
        lives = pid and Path(f"/proc/{pid}/cmdline").exists() and str(folder) in _arguments(pid)
        if lives and (ROOT / "standalone/target/.built").stat().st_mtime < pid_file.stat().st_mtime:
            attached = cls.__new__(cls)
            attached.data = folder / "data"
            attached.connect()
            return attached
        if lives:
            os.kill(pid, signal.SIGTERM)
            await_condition(lambda: not Path(f"/proc/{pid}").exists(), "the older platform to end")
        started = cls(folder / "data")
        pid_file.write_text(str(started.process.pid))
        return started

    def _start(self, environment: dict[str, str]) -> None:
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(  # noqa: S603
                [str(ROOT / "hearth"), "up", "--data", str(self.data), "--port", "0"],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env=os.environ | environment,
            )
        await_condition(self._started, "the platform to start", _START_SECONDS)

    def connect(self) -> None:
        """Read the address and the key that the platform announced."""
        self.url = (self.data / "url").read_text().strip()
        self.key = (self.data / "api-key").read_text().strip()
        # A cookie that one test is given must not be sent by another.
        no_cookies = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
        self.http = httpx.Client(base_url=self.url, timeout=90.0, cookies=no_cookies)

    def _started(self) -> bool:
        assert self.process.poll() is None, self.output.read_text()
        return "Ready in" in self.output.read_text()

    def tree(self) -> list[int]:
        """Return the pids of the platform's processes, including PostgreSQL's."""
        listed = subprocess.run(["ps", "-wweo", "pid,args"], capture_output=True, text=True, check=True)  # noqa: S607
        own = [line for line in listed.stdout.splitlines() if str(self.data) in line]
        return [int(line.split()[0]) for line in own]

    def stop(self) -> int:
        """Stop the platform as Ctrl-C does; return its exit code."""
        self.http.close()
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(_STOP_SECONDS)

    def kill(self) -> None:
        """Kill all processes of the platform at once."""
        self.http.close()
        for pid in [self.process.pid, *self.tree()]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.process.wait()

    def api(self, method: str, path: str, **options: object) -> httpx.Response:
        """Call the API with the platform's key."""
        headers = {"authorization": f"Bearer {self.key}", **options.pop("headers", {})}  # type: ignore[dict-item]
        return self.http.request(method, path, headers=headers, **options)  # type: ignore[arg-type]

    def upload(self, name: str, files: dict[str, str] | bytes, **headers: str) -> httpx.Response:
        """Upload a project, given as files or as an archive."""
        content = files if isinstance(files, bytes) else archive(files)
        return self.api("POST", f"/v1/functions/{name}/revisions", content=content, headers=headers)

    def deploy(self, name: str, files: dict[str, str] | bytes, **headers: str) -> dict[str, object]:
        """Upload a project, wait until its revision is live, failed or superseded, and return it."""
        accepted = self.upload(name, files, **headers)
        assert accepted.status_code == 202, accepted.text
        location = accepted.headers["location"]
        revision: dict[str, object] = {}

        def ended() -> bool:
            revision.update(self.api("GET", location).json())
            return revision["state"] in {"live", "failed", "superseded"}

        await_condition(ended, f"{name} to be live or failed", _DEPLOY_SECONDS)
        return revision

    def live(self, name: str, main: str, extra: str = "", **headers: str) -> dict[str, object]:
        """Deploy a main.py; fail if it does not become live."""
        revision = self.deploy(name, {"pyproject.toml": PYPROJECT + extra, "main.py": main}, **headers)
        assert revision["state"] == "live", revision.get("reason", revision)
        return revision

    def call(self, name: str, path: str = "/", method: str = "GET", **options: object) -> httpx.Response:
        """Call a function."""
        return self.http.request(method, f"/f/default/{name}{path}", **options)  # type: ignore[arg-type]

    def logs(self, name: str) -> str:
        """Return the log of a function."""
        return self.api("GET", f"/v1/functions/{name}/logs").text


def _arguments(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")


# Modules whose tests take minutes, which come first so that no worker has to wait for them at the end.
_LONG = ["test_wheelhouse", "test_restart", "test_scaling", "test_snapshots", "test_services", "test_walls"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order the modules; mark the tests that use the shared platform. Others have the mark already."""
    items.sort(key=lambda item: _LONG.index(item.path.stem) if item.path.stem in _LONG else len(_LONG))
    for item in items:
        if "platform" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.platform)


def archive(files: dict[str, str]) -> bytes:
    """Return a zip with the given files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return buffer.getvalue()


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Return the shared platform. HEARTH_TEST_KEEP names the folder of one that outlives the tests."""
    if folder := os.environ.get("HEARTH_TEST_KEEP"):
        yield Running.kept(Path(folder))
        return
    running = Running(tmp_path_factory.mktemp("platform") / "data", **BRIEF_HOSTS)
    yield running
    running.stop()
