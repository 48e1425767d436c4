"""What was deployed survives."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from conftest import ROOT, Running, await_condition

if TYPE_CHECKING:
    from pathlib import Path

HELLO = """
from workers import Response, WorkerEntrypoint
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return Response("still here")
"""


def test_a_stopped_and_a_killed_platform_serve_again_what_was_deployed(tmp_path: Path) -> None:
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
    accepted = second.upload(
        "accepted", {"pyproject.toml": '[project]\nname="x"\nversion="1"\n', "main.py": HELLO}
    )
    assert accepted.status_code == 202
    second.kill()

    third = Running(data)
    assert third.call("lasting").text == "still here"
    await_condition(
        lambda: third.call("accepted").text == "still here", "the accepted upload to be live", 120.0
    )
    third.stop()
    await_condition(lambda: not third.tree(), "all processes to end")
