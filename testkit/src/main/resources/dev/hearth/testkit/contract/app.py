"""The function that HostContractTest calls."""

import asyncio
import atexit
import json
import os
import signal
import time


async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        return
    if scope["type"] == "websocket":
        await talk(receive, send)
        return
    path = scope["path"].removeprefix(scope["root_path"])
    if path == "/echo":
        length = 0
        while (message := await receive())["type"] == "http.request":
            length += len(message["body"])
            if not message["more_body"]:
                break
        names = ("method", "query_string", "root_path", "scheme")
        echo = {name: str(scope[name]) for name in names} | {"path": path, "length": length}
        echo["client"] = scope["client"][0]
        echo["headers"] = {name.decode(): value.decode() for name, value in scope["headers"]}
        await answer(send, 200, json.dumps(echo).encode())
    elif path == "/stream":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for part in (b"one", b"two"):
            await send({"type": "http.response.body", "body": part, "more_body": True})
            await asyncio.sleep(0.01)
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    elif path == "/wait":
        try:
            print("waits")
            await asyncio.Event().wait()
        finally:
            print("cancelled")
    elif path == "/disconnect":
        print("waits")
        await receive()
        print((await receive())["type"])
        await answer(send, 200, b"finished")
    elif path == "/loop":
        while True:
            pass
    elif path == "/block":
        print("blocks")
        while not os.path.exists(os.environ["TMPDIR"] + "/go"):
            time.sleep(0.01)
        await answer(send, 200, b"blocked")
    elif path == "/raise":
        raise ValueError("on purpose")
    elif path == "/status":
        await answer(send, 99, b"")
    elif path == "/unstoppable":
        print("unstoppable")
        exec(os.environ["UNSTOPPABLE"])
    else:
        await answer(send, 200, b"ok")


async def answer(send, status, body):
    headers = [(b"content-type", b"text/plain"), (b"x-answer", b"yes")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def talk(receive, send):
    await receive()
    await send({"type": "websocket.accept", "headers": [(b"set-cookie", b"a=1")]})
    while (message := await receive())["type"] == "websocket.receive":
        if message["text"] == "close":
            await send({"type": "websocket.close", "code": 4000, "reason": "enough"})
            return
        if message["text"] == "raise":
            raise ValueError("in a socket")
        await send({"type": "websocket.send", "text": message["text"].upper()})
    print("disconnected with", message["code"])


async def living(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        signal.signal(signal.SIGTERM, lambda number, frame: print("signal", number))
        atexit.register(print, "bye")
        asyncio.get_running_loop().call_later(0.2, print, "later")
        ticking = asyncio.create_task(tick())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        ticking.cancel()
        print("closed")
        await send({"type": "lifespan.shutdown.complete"})
    else:
        await answer(send, 200, b"ok")


async def tick():
    for number in range(10000):
        print("tick", number)
        await asyncio.sleep(0.1)


async def lasting(scope, receive, send):
    if scope["type"] == "lifespan":
        atexit.register(time.sleep, 60)
        return
    await answer(send, 200, b"ok")


def handler(event, context):
    if event == "raise":
        raise KeyError("on purpose")
    return {"got": event}
