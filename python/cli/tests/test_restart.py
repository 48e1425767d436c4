"""Restarts after a stop and after kill -9."""

from __future__ import annotations

import subprocess
import threading
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT, Running, await_condition
from index import serving, wheel
from projects import from_index

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.platform

HELLO = """
from workers import Response, WorkerEntrypoint
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return Response("still here")
"""


class Slow(dict[str, bytes]):
    """Files of an index that answers only after `answers` is set."""

    def __init__(self, files: dict[str, bytes]) -> None:
        """Keep the files."""
        super().__init__(files)
        self.asked = threading.Event()
        self.answers = threading.Event()

    def __getitem__(self, name: str) -> bytes:
        """Return a file after `answers` is set."""
        self.asked.set()
        self.answers.wait(600)
        return super().__getitem__(name)


def test_functions_and_accepted_uploads_survive_a_stop_and_a_kill(tmp_path: Path) -> None:
    data = tmp_path / "data"
    first = Running(data)
    first.live("lasting", HELLO)

    refused = subprocess.run(  # noqa: S603
        [str(ROOT / "hearth"), "up", "--data", str(data), "--port", "0"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 1
    assert "running" in refused.stderr

    assert first.stop() in {0, 130}
    await_condition(lambda: not first.tree(), "all processes to end")

    second = Running(data)
    assert second.call("lasting").text == "still here"
    assert second.key == first.key
    slow = Slow({"slow-1.0-py3-none-any.whl": wheel("slow", "1.0", "")})
    with serving(slow) as url:
        accepted = second.upload("accepted", {"pyproject.toml": from_index("slow", url), "main.py": HELLO})
        assert accepted.status_code == 202
        assert slow.asked.wait(300), "the build did not ask the index"
        second.kill()
        slow.answers.set()

        third = Running(data)
        assert third.call("lasting").text == "still here"
        await_condition(
            lambda: third.call("accepted").text == "still here", "the accepted upload to be live", 300.0
        )
    log = (data / "hearth.log").read_text().splitlines()
    assert len([line for line in log if "build succeeded" in line and "accepted" in line]) == 1
    assert not list((data / "build" / "work").iterdir()), "files of a build are left"
    third.stop()
    await_condition(lambda: not third.tree(), "all processes to end")
