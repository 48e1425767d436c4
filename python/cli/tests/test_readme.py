"""The README's first worker does what the README says."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

from conftest import ROOT, Running, await_condition

if TYPE_CHECKING:
    from pathlib import Path


def test_the_first_worker(platform: Running, tmp_path: Path) -> None:
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    block = next(block for block in blocks if "./hearth deploy tea" in block)
    (tmp_path / "hearth").write_text(f'#!/bin/sh\nHEARTH_DATA="{platform.data}" exec "{ROOT}/hearth" "$@"\n')
    (tmp_path / "hearth").chmod(0o755)

    ran = subprocess.run(  # noqa: S603
        ["/bin/sh", "-eu", "-c", block.replace("http://127.0.0.1:8080", platform.url)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert ran.stdout.count("Here is your tea.") == 2, ran.stdout
    await_condition(lambda: "someone is thirsty" in platform.logs("tea"), "the log line of the call")
