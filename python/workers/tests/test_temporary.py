"""Answers of calls that find no room in the temporary folder."""

from __future__ import annotations

import tempfile
from typing import Any

import pytest

from workers._host._temporary import noticing

# /dev/full has no room, as a folder at its limit.
APP = """
import io, tempfile
async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        return
    status = int(scope["query_string"])
    spooled = tempfile.SpooledTemporaryFile(max_size=3)
    if scope["path"].endswith("/spool"):
        spooled._file, spooled._rolled = open("/dev/full", "wb", buffering=0), True
    try:
        spooled.write(b"more")
    except OSError:
        if status == 0:
            raise
    await send({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": b""})
"""


@pytest.fixture(autouse=True)
def spooled(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = tempfile.SpooledTemporaryFile
    for name in ("write", "writelines", "rollover", "seek", "flush"):
        monkeypatch.setattr(kind, name, getattr(kind, name))


@pytest.mark.parametrize(("status", "answered"), [(400, 507), (500, 507), (422, 422), (200, 200)])
def test_an_upload_without_room_is_answered_with_507(
    make: Any, call: Any, status: int, answered: int
) -> None:
    instance = make(APP, "app", "asgi")

    assert call(instance, "/spool", query=str(status))[0] == answered
    assert call(instance, "/memory", query=str(status))[0] == status


def test_an_exception_for_lack_of_room_has_its_own_code(make: Any, call: Any) -> None:
    status, _, code = call(make(APP, "app", "asgi"), "/spool", query="0")

    assert (status, code) == (0, b"temporary_full")


def test_other_errors_pass() -> None:
    def refuse() -> None:
        raise OSError(9, "Bad file descriptor")

    with pytest.raises(OSError, match="Bad file descriptor"):
        noticing(refuse)()
