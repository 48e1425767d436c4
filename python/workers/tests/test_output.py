from typing import Any

import pytest
from conftest import Host

SOURCE = """
import asyncio, logging, os, sys, threading, time, warnings
from concurrent.futures import ThreadPoolExecutor
from workers import Response, WorkerEntrypoint

pool = ThreadPoolExecutor(1)
pool.submit(print, "import").result()

def write(text):
    print(text)

def start(thread):
    thread.start()
    thread.join()

def raise_in_thread():
    raise ValueError("in a thread")

async def timer():
    done = asyncio.Event()
    asyncio.get_running_loop().call_later(0, lambda: (print("a"), done.set()))
    await done.wait()

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        what = request.url.rpartition("/")[2]
        if what == "thread":
            start(threading.Thread(target=write, args=("a",)))
        elif what == "late":
            start(threading.Timer(0, write, ("a",)))
        elif what == "pool":
            pool.submit(write, "a").result()
        elif what == "executor":
            await asyncio.get_running_loop().run_in_executor(None, write, "a")
        elif what == "to_thread":
            await asyncio.to_thread(write, "a")
        elif what == "timer":
            await timer()
        elif what == "task":
            await asyncio.create_task(asyncio.to_thread(write, "a"))
        elif what == "descriptor":
            os.write(1, b"a\\n")
        elif what == "bytes":
            sys.stdout.buffer.write("a\\n".encode())
        elif what == "original":
            print("a", file=sys.__stdout__)
        elif what == "raise":
            try:
                {}["b"]
            except KeyError as missing:
                raise ValueError("a") from missing
        elif what == "exception":
            try:
                {}["b"]
            except KeyError:
                logging.getLogger("tea").exception("failed")
        elif what == "warning":
            warnings.warn("careful")
        elif what == "raising-thread":
            start(threading.Thread(target=raise_in_thread, name="own"))
        elif what == "empty":
            print()
        elif what == "long":
            print("x" * 300_000)
        return Response("")
"""


@pytest.mark.parametrize(
    "what",
    [
        "thread",
        "late",
        "pool",
        "executor",
        "to_thread",
        "timer",
        "task",
        "descriptor",
        "bytes",
        "original",
    ],
)
def test_output_belongs_to_the_call_that_caused_it(make: Any, call: Any, host: Host, what: str) -> None:
    instance = make(SOURCE, "Default")
    host.printed.clear()

    call(instance, f"/{what}")

    assert {line[:3] for line in host.printed} == {("stdout", "", "id")}
    assert "".join(line[3] for line in host.printed) == "a\n"


def test_what_is_printed_at_import_belongs_to_no_call(make: Any, host: Host) -> None:
    make(SOURCE, "Default")

    assert {line[2] for line in host.printed} == {""}


@pytest.mark.parametrize(
    ("what", "level", "first", "last"),
    [
        ("raise", "error", "Traceback (most recent call last):", "ValueError: a"),
        ("exception", "error", "failed", "KeyError: 'b'"),
        ("raising-thread", "error", "Exception in thread own:", "ValueError: in a thread"),
    ],
)
def test_an_exception_is_one_entry_with_a_level(  # noqa: PLR0913, PLR0917
    make: Any, call: Any, host: Host, what: str, level: str, first: str, last: str
) -> None:
    call(make(SOURCE, "Default"), f"/{what}")

    (entry,) = (line for line in host.printed if line[0] == "stderr")
    lines = entry[3].split("\n")
    assert entry[1:3] == (level, "id")
    assert (lines[0], lines[-1]) == (first, last)


def test_a_traceback_begins_with_the_users_frame(make: Any, call: Any, host: Host) -> None:
    call(make(SOURCE, "Default"), "/raise")

    frames = [line for line in host.stderr.split("\n") if line.startswith("  File")]
    assert all("user_module.py" in frame for frame in frames)
    assert len(frames) == 2


def test_a_warning_has_its_level(make: Any, call: Any, host: Host) -> None:
    call(make(SOURCE, "Default"), "/warning")

    (entry,) = (line for line in host.printed if line[0] == "stderr")
    assert entry[1] == "warning"
    assert "UserWarning: careful" in entry[3]


def test_an_empty_line_and_a_long_one_are_whole(make: Any, call: Any, host: Host) -> None:
    instance = make(SOURCE, "Default")
    host.printed.clear()

    call(instance, "/empty")
    call(instance, "/long")

    assert [len(line[3]) for line in host.printed] == [1, 300_000, 1]


def test_nothing_but_text_can_be_printed(make: Any, call: Any, host: Host) -> None:
    source = "import sys\ndef handler(event, context):\n    sys.stdout.write(b'a')\n"

    call(make(source, "handler"))

    assert "write() argument must be str, not bytes" in host.stderr
