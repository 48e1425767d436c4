"""Hostile build backends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projects import project, worker

if TYPE_CHECKING:
    from conftest import Running

BACKEND = """
def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    {body}
"""


def hostile(body: str) -> dict[str, str]:
    settings = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    return {
        "pyproject.toml": project([], settings),
        "backend.py": BACKEND.format(body=body),
        "main.py": worker("", "1"),
    }


def test_a_backend_does_not_reach_the_platform(platform: Running) -> None:
    port = platform.url.rpartition(":")[2]  # The test reaches this port; the backend must not.
    body = f"import socket; socket.create_connection(('127.0.0.1', {port}), 5); raise SystemExit('reached')"

    revision = platform.deploy("hostile", hostile(body))

    assert revision["state"] == "failed"
    reason = revision["reason"]["detail"]  # type: ignore[index]
    assert "ConnectionRefusedError" in reason
    assert "HEARTH" not in reason
    assert str(platform.data) not in reason
