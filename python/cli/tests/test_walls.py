"""Hostile functions: they must not reach anything outside of their sandbox, nor fail calls of others."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from conftest import BRIEF_HOSTS, Running, await_condition
from projects import HELLO, project

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.platform

# Executes the code in the body and answers `result`. With native modules the process is the only wall.
ATTACKER = """
from workers import Response, WorkerEntrypoint
{imports}
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        names = {{}}
        try:
            exec(await request.text(), names)
        except BaseException as refused:
            names["result"] = f"refused: {{type(refused).__name__}}: {{refused}}"
        return Response(str(names.get("result")))
"""


@pytest.fixture(scope="module")
def attackers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A platform of its own, because the attacks end hosts with everything in them."""
    platform = Running(tmp_path_factory.mktemp("walls") / "data", **BRIEF_HOSTS)
    deploy_attackers(platform, "60s")
    assert platform.deploy("victim", {"pyproject.toml": project([]), "main.py": HELLO})["state"] == "live"
    yield platform
    platform.stop()


@pytest.fixture(scope="module")
def limited(attackers: Running) -> Running:
    """Deploy the attackers with a short time limit, which most exhausting code reaches."""
    deploy_attackers(attackers, "6s")
    return attackers


def deploy_attackers(platform: Running, timeout: str) -> None:
    limit = f"[tool.hearth]\ntimeout = '{timeout}'\n"
    plain = {"pyproject.toml": project([], limit), "main.py": ATTACKER.format(imports="")}
    native = {
        "pyproject.toml": project(["pydantic-core"], limit),
        "main.py": ATTACKER.format(imports="import pydantic_core"),
    }
    assert platform.deploy("plain", plain)["state"] == "live"
    assert platform.deploy("native", native)["state"] == "live"


def attack(platform: Running, name: str, code: str) -> str:
    """Run code in a function; return its result as text."""
    return platform.call(name, method="POST", content=code).text


# Refused to every function, by whichever wall.
REFUSED = {
    "passwd": "result = open('/etc/passwd').read()",
    "shadow": "result = open('/etc/shadow').read()",
    "root files": "import os; result = os.listdir('/root')",
    "the root": "import os; result = os.listdir('/')",
    "process table": "import os; result = os.listdir('/proc')",
    "own environ": "result = open('/proc/self/environ').read()",
    "its host's environ": "result = open('/proc/1/environ').read()",
    "climbing": "result = open('../../../../../../../../etc/passwd').read()",
    "a link": "import os; os.symlink('/etc/passwd', os.environ['TMPDIR'] + '/x'); result = 'linked'",
    "own code": "import workers; open(workers.__file__, 'a').write('x'); result = 'written'",
    "node's loopback": "import socket; socket.create_connection(('127.0.0.1', {port}), 2); result = 1",
    "metadata address": "import socket; socket.create_connection(('169.254.169.254', 80), 2); result = 1",
    "metadata by proxy": (
        "import urllib.request; result = urllib.request.urlopen('http://169.254.169.254/', timeout=5).read()"
    ),
    "node's loopback by proxy": (
        "import os, urllib.request as r; proxy = r.ProxyHandler({{'http': os.environ['HTTP_PROXY']}})\n"
        "result = r.build_opener(proxy).open('http://127.0.0.1:{port}/v1/health', timeout=5).read()"
    ),
    "the proxy without a pass": (
        "import http.client; c = http.client.HTTPConnection('127.0.0.1', 3128, timeout=5)\n"
        "c.request('GET', 'http://pypi.org/'); s = c.getresponse().status\n"
        "if s == 407: raise PermissionError(s)\nresult = s"
    ),
    "fork": "import os; os.fork(); result = 'forked'",
    "Java": "import java; result = java.type('java.lang.System').getenv()",
    "polyglot": "import polyglot; result = polyglot.eval(language='js', string='1')",
}
# Refused to functions without native modules.
PLAIN_ONLY = {
    "a process": "import subprocess; result = subprocess.run(['/bin/true']).returncode",
    "system": "import os; r = os.system('true'); assert r == 0, r; result = r",
    "libc": "import ctypes; result = ctypes.CDLL(None).getpid()",
    "signals": "import os, signal; os.kill(1, signal.SIGKILL); result = 'killed'",
}


@pytest.mark.parametrize("which", ["plain", "native"])
@pytest.mark.parametrize("code", REFUSED.values(), ids=REFUSED.keys())
def test_a_function_cannot_reach_anything_outside(attackers: Running, which: str, code: str) -> None:
    port = attackers.url.rpartition(":")[2]

    assert attack(attackers, which, code.format(port=port)).startswith("refused: ")


@pytest.mark.parametrize("code", PLAIN_ONLY.values(), ids=PLAIN_ONLY.keys())
def test_a_function_without_native_modules_cannot_start_processes(attackers: Running, code: str) -> None:
    assert attack(attackers, "plain", code).startswith("refused: ")


# Runs a shell script through the C library, past the interpreter's own restrictions.
SHELL = """
import ctypes, os
out = os.environ["TMPDIR"] + "/out"
script = {!r}
ctypes.CDLL(None).system(f"export PATH=/usr/bin:/bin; ({{script}}) > {{out}} 2> /dev/null".encode())
result = open(out).read().strip()
"""

# Each script prints something only if it got past the sandbox.
IN_THE_SANDBOX = {
    "files": "cat /etc/passwd /etc/shadow; ls /home /srv",
    "the machine's processes": "ls -d /proc/[0-9]* | wc -l | awk '$1 > 60'",
    "environments": "cat /proc/1/environ | tr '\\0' '\\n' | grep -v '^$'",
    "devices": "ls /dev | grep -E 'sd|vd|nvme|mem|kmsg|fuse'",
    "mounts": "mount -t tmpfs x /tmp && echo mounted",
    "namespaces": "unshare -U true && echo unshared; unshare -n true && echo unshared",
    "interfaces": "cat /proc/net/dev | grep -v -E 'lo:|Inter|face'",
    "kernel settings": (
        "cd /proc/sys; for f in kernel/core_pattern vm/drop_caches; do echo 1 > $f && echo written; done"
    ),
    "the platform's code": (
        "for f in $(find / -path /usr -prune -o -path /proc -prune -o -name _worker.py -print); "
        "do echo >> $f && echo written; done"
    ),
    "the JDK": (
        "for f in $(find / -path /usr/share -prune -o -path /proc -prune -o -name jspawnhelper -print); "
        "do rm -f $f && echo removed; done"
    ),
    "the machine's disk": (
        "d=$(dirname $(find / -path /usr -prune -o -path /proc -prune -o -name socket -type s -print)); "
        "chmod 777 $d; echo > $d/x && echo written"
    ),
}


@pytest.mark.parametrize("script", IN_THE_SANDBOX.values(), ids=IN_THE_SANDBOX.keys())
def test_a_shell_cannot_leave_the_sandbox(attackers: Running, script: str) -> None:
    assert attack(attackers, "native", SHELL.format(script)) == ""


# Searches everything but /usr, which holds the machine's own files.
OWN_FILES = "find / -path /usr -prune -o -path /proc -prune -o -name main.py -path '*/files/*' -print"


def test_a_function_sees_only_its_own_files(attackers: Running) -> None:
    found = attack(attackers, "native", SHELL.format(OWN_FILES))

    assert len(found.splitlines()) == 1, found


EXHAUSTING = {
    "an endless loop": "while True: pass",
    "a loop that catches everything": (
        "while True:\n  try:\n    while True: pass\n  except BaseException: pass"
    ),
    "a loop in a builtin": "sum(range(10**13))",
    "a queue": "from collections import deque; from itertools import count; deque(count(), maxlen=1)",
    "big integers": "x = 7 ** 10**8 ** 2",
    "a regular expression": "import re; re.match('(a+)+$', 'a' * 60 + 'b')",
    "waiting": "import threading; threading.Event().wait()",
    "memory": "x = []\nwhile True: x.append('x' * 10**7 + str(len(x)))",
    "bytes": "x = [bytearray(10**8) for _ in range(100)]",
    "recursion": "def f(): f()\nf()",
    "threads": (
        "import threading as t\nfor _ in range(5000): t.Thread(target=t.Event().wait, args=(9,)).start()"
    ),
    "descriptors": "import socket; x = [socket.socket() for _ in range(100_000)]",
    "exit": "import sys; sys.exit(3)",
    "hard exit": "import os; os._exit(3)",
    "abort": "import os; os.abort()",
    "output": "print('x' * 10**7, end='')",
    "disk": (
        "import os\nwith open(os.environ['TMPDIR'] + '/x', 'wb') as f:\n  while True: f.write(bytes(10**6))"
    ),
    "inodes": "import os\nfor i in range(100_000): open(f\"{os.environ['TMPDIR']}/{i}\", 'w').close()",
    "patched builtins": "import builtins; builtins.open = builtins.print = builtins.len = None",
}


@pytest.mark.parametrize("which", ["plain", "native"])
@pytest.mark.parametrize("code", EXHAUSTING.values(), ids=EXHAUSTING.keys())
def test_exhausting_code_fails_no_call_of_another_function(limited: Running, which: str, code: str) -> None:
    ended = threading.Event()
    answers: list[int] = []

    def call() -> None:
        while not ended.is_set() or not answers:
            answers.append(limited.call("victim").status_code)

    calling = threading.Thread(target=call)
    # The victim shares its host with the plain attacker, so only the native one must not harm it.
    if which == "native":
        calling.start()
    limited.call(which, method="POST", content=code)
    ended.set()
    if which == "native":
        calling.join()
        assert set(answers) == {200}

    # The function still serves, perhaps in a new interpreter; a busy machine may need several calls.
    await_condition(lambda: attack(limited, which, "result = 6 * 7") == "42", "the function to serve")
