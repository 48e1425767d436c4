"""Starts platforms for benchmarks, and measures their processes."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

from hearth_cli._client import Client
from hearth_cli._platform import Platform

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]


class Process(NamedTuple):
    """One process of the machine."""

    pid: int
    parent: int
    arguments: str

    @property
    def cpu_seconds(self) -> float:
        """CPU seconds that the process has used, without its children."""
        stat = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def pss(self) -> float:
        """Proportional memory of the process (PSS), in MiB."""
        rollup = Path(f"/proc/{self.pid}/smaps_rollup").read_text()
        return int(next(line for line in rollup.splitlines() if line.startswith("Pss:")).split()[1]) / 1024


def processes() -> list[Process]:
    """Return all processes of the machine."""
    listed = subprocess.run(["ps", "-wweo", "pid,ppid,args"], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in listed.splitlines()[1:]]
    return [Process(int(pid), int(parent), arguments) for pid, parent, arguments in rows]


class Started:
    """A context manager: a platform that is stopped at the end of the block."""

    def __init__(self, root: Path = ROOT, data: Path | None = None) -> None:
        """Start the platform of a checkout, on a data folder or an empty one, and wait until it is ready."""
        self._folder = tempfile.TemporaryDirectory(prefix="hearth-bench-")
        self.data = data or Path(self._folder.name)
        self.log = self.data / "hearth.log"
        (self.data / "url").unlink(missing_ok=True)
        begun = time.monotonic()
        self.process = subprocess.Popen(
            [str(root / "hearth"), "up", "--data", str(self.data), "--port", "0"],
            stdin=subprocess.DEVNULL, stdout=(self.data / "up.out").open("wb"), stderr=subprocess.STDOUT,
        )
        while not (self.data / "url").is_file():
            if self.process.poll() is not None:
                sys.exit((self.data / "up.out").read_text())
            time.sleep(0.05)
        self.seconds = time.monotonic() - begun
        self.url = (self.data / "url").read_text().strip()
        self.client = Client(Platform(self.url, (self.data / "api-key").read_text().strip()))

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the platform; delete its data folder if it was a temporary one."""
        self.process.terminate()
        self.process.wait(60)
        self._folder.cleanup()

    def below(self) -> Iterator[Process]:
        """Return the platform's process and its descendants, among them the sandboxes of hosts."""
        ours = {self.process.pid}
        rows = processes()
        while more := {row.pid for row in rows if row.parent in ours} - ours:
            ours |= more
        return (row for row in rows if row.pid in ours)

    def hosts(self) -> Iterator[Process]:
        """Return the host processes."""
        return (
            row
            for row in self.below()
            if "java" in row.arguments.split()[0] and "dev.hearth.host.HostMain" in row.arguments
        )

    def rest(self) -> None:
        """Wait until the platform is nearly idle, because it fills its pools in the background."""
        quiet, before = 0, 0.0
        for _ in range(120):
            used = sum(row.cpu_seconds for row in self.below() if Path(f"/proc/{row.pid}").exists())
            quiet = quiet + 1 if used - before < 0.2 else 0
            before = used
            if quiet == 3:
                return
            time.sleep(1)
        sys.exit("the platform does not come to rest")
