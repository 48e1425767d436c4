import subprocess
import sys

import pytest

# Slow imports that only some functions need. asyncio and what it brings are in every instance anyway.
SLOW = ["ctypes", "decimal", "email", "http.client", "pydoc", "unittest", "urllib.request", "xml", "zoneinfo"]


def test_the_package_leaves_slow_imports_to_functions(capsys: pytest.CaptureFixture[str]) -> None:
    code = (
        "import asyncio, sys, time; begun = time.perf_counter(); import workers;"
        "took = time.perf_counter() - begun;"
        f"print([name for name in {SLOW} if name in sys.modules], took)"
    )

    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    modules, seconds = loaded.rsplit(" ", 1)
    with capsys.disabled():
        print(f"\nimport workers: {float(seconds) * 1000:.1f} ms")  # noqa: T201 - the figure in the log of CI
    assert modules == "[]"
