#!/bin/sh
# starlette 1.10.0 (PyPI): whether the background task of a streamed answer runs after the client has left depends on the version of the ASGI
# specification that the server announces. Below 2.4 the stream is cancelled and the task runs. From 2.4 on the failed send becomes
# ClientDisconnect and the task is skipped.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check starlette==1.10.0
"$folder/venv/bin/python" - <<'PY'
import asyncio

from starlette.background import BackgroundTask
from starlette.requests import ClientDisconnect
from starlette.responses import StreamingResponse


def run(spec_version):
    """Return whether the task ran for a client that leaves after the first part."""
    ran = []

    async def parts():
        yield b"one"
        await asyncio.sleep(0)
        yield b"two"

    async def main():
        left = asyncio.Event()

        async def receive():
            await left.wait()
            return {"type": "http.disconnect"}

        async def send(message):
            if left.is_set():
                raise OSError("the client has left")
            if message.get("body"):
                left.set()

        scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "asgi": {"version": "3.0", "spec_version": spec_version}}
        response = StreamingResponse(parts(), background=BackgroundTask(ran.append, "ran"))
        try:
            await response(scope, receive, send)
        except ClientDisconnect:
            print(spec_version, "raises ClientDisconnect")

    try:
        asyncio.run(main())
    except* OSError:
        print(spec_version, "raises OSError")
    print(spec_version, "background task", "ran" if ran else "was skipped")
    return bool(ran)


assert not run("2.4")
assert run("2.3")
PY
