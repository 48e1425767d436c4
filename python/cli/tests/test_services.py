"""The five services as processes of their own, with the environment of docker-compose.yml."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import socket
import subprocess
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
import yaml
from conftest import PYPROJECT, ROOT, archive, await_condition, tool

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.platform

SERVICES = ("artifact-service", "executor-service", "build-service", "scheduler-service", "api-service")
KEY = "hearth_" + secrets.token_urlsafe(24)
VARIABLE = re.compile(r"\$\{HEARTH_(\w+?)(?::-([^}]*))?\}")
HELLO = """
from workers import Response, WorkerEntrypoint
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return Response(f"{len(await request.bytes())} bytes of {request.headers['user-agent']}")
"""


def java() -> str:
    homes = [os.environ.get("JAVA_HOME", ""), *map(str, Path("/usr/lib/jvm").glob("*"))]
    for home in homes:
        release = Path(home, "release")
        if home and release.is_file():
            version = re.search(r'JAVA_VERSION="(\d+)', release.read_text())
            if version and int(version[1]) >= 25:
                return str(Path(home, "bin", "java"))
    found = shutil.which("java")
    assert found
    return found


def free_ports(count: int) -> list[int]:
    """Return ports below those of outgoing connections, which could take them before the services do."""
    found = []
    for port in range(12_000 + os.getpid() % 400 * 16, 20_000):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                found.append(port)
        if len(found) == count:
            break
    return found


def start(stack: ExitStack, command: list[str], environment: dict[str, str], output: Path) -> None:
    file = stack.enter_context(output.open("wb"))
    process = subprocess.Popen(  # noqa: S603
        command, env=environment, stdin=subprocess.PIPE, stdout=file, stderr=subprocess.STDOUT
    )

    def stop() -> None:
        if process.stdin:
            process.stdin.close()
        process.terminate()
        process.wait(60)

    stack.callback(stop)


def addresses(output: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in output.read_text().splitlines() if line.startswith("HEARTH_"))


def local(values: dict[str, str], replaced: dict[str, str]) -> Iterator[tuple[str, str]]:
    for name, text in values.items():
        value = re.sub(
            r"\$\{HEARTH_(\w+?)(?::-([^}]*))?\}", lambda m: replaced.get(m[1], m[2] or ""), str(text)
        )
        for compose, here in replaced.items():
            if compose.startswith("http://"):
                value = value.replace(compose, here)
        yield name, value


def test_five_services_deploy_and_answer(tmp_path: Path) -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    with ExitStack() as stack:
        back_ends = tmp_path / "back-ends.out"
        library = f"{ROOT}/standalone/target/standalone/lib/*"
        main = "dev.hearth.embedded.BackEnds"
        arguments = [str(tmp_path), "hearth", "hearth-secret"]
        start(stack, [java(), "-cp", library, main, *arguments], dict(os.environ), back_ends)
        await_condition(lambda: "ready" in back_ends.read_text().splitlines(), "the back ends", 300.0)
        found = addresses(back_ends)

        ports = dict(zip(SERVICES, free_ports(len(SERVICES)), strict=True))
        replaced = {
            f"http://{name}:{compose[name]['environment']['HEARTH_PORT']}": f"http://127.0.0.1:{port}"
            for name, port in ports.items()
        } | {
            "INTERNAL_TOKEN": secrets.token_urlsafe(24),
            "INDEX_KEY": secrets.token_urlsafe(24),
            "API_KEY": KEY,
        }
        machine = {
            "HEARTH_ADDRESS": "127.0.0.1",
            "HEARTH_KAFKA_BROKERS": found["HEARTH_KAFKA_BROKERS"],
            "HEARTH_DATABASE_URL": found["HEARTH_DATABASE_URL"],
            "HEARTH_DATABASE_USER": "postgres",
            "HEARTH_S3_ENDPOINT": found["HEARTH_S3_ENDPOINT"],
            "HEARTH_UV": tool("uv"),
            "HEARTH_BUILD_DATA": str(tmp_path / "build"),
            "HEARTH_NODE_DATA": str(tmp_path / "node"),
            "HEARTH_EXECUTOR_HOST": str(ROOT / "executor-host/target/executor-host"),
            "HEARTH_HOST_PATH": str(Path(tool("patchelf")).parent),
        }
        # Other tests boot hosts from snapshots or with the ahead-of-time cache; this one boots them without.
        plain = {"EXECUTOR_HOST_START": "plain"}
        for name in SERVICES:
            described = dict(local(compose[name]["environment"], replaced))
            own = {key: machine.get(key, value) for key, value in described.items()}
            own["HEARTH_PORT"] = str(ports[name])
            jar = next((ROOT / name / "target").glob("*-boot.jar"))
            command = [java(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m", "-jar", str(jar)]
            system = {key: value for key, value in os.environ.items() if not key.startswith("HEARTH_")}
            start(stack, command, system | plain | own, tmp_path / f"{name}.out")

        http = stack.enter_context(
            httpx.Client(base_url=f"http://127.0.0.1:{ports['api-service']}", timeout=90.0)
        )
        http.headers["authorization"] = f"Bearer {KEY}"

        def healthy() -> bool:
            try:
                return http.get("/v1/health").status_code == 200
            except httpx.TransportError:
                return False

        await_condition(healthy, "five healthy services", 300.0)
        uploaded = http.post(
            "/v1/functions/five/revisions", content=archive({"pyproject.toml": PYPROJECT, "main.py": HELLO})
        )
        assert uploaded.status_code == 202, uploaded.text
        await_condition(
            lambda: http.get(uploaded.headers["location"]).json()["state"] in {"live", "failed"},
            "the revision to be live or failed",
            300.0,
        )

        http.headers["user-agent"] = "tea/1"
        assert http.get("/f/default/five/").text == "0 bytes of tea/1"
        chunks = (bytes(1 << 16) for _ in range(32))
        assert http.post("/f/default/five/", content=chunks).text == f"{32 << 16} bytes of tea/1"
        assert 'start="plain jvm"' in (tmp_path / "executor-service.out").read_text()
