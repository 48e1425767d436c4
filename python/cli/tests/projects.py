"""Projects to deploy in tests."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx
    from conftest import Running

WORKER = """
from workers import Response, WorkerEntrypoint
{imports}
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return Response(str({answer}))
"""


def worker(imports: str, answer: str) -> str:
    """Return a main.py that answers the value of an expression."""
    return WORKER.format(imports=imports, answer=answer)


def project(dependencies: list[str], extra: str = "", name: str = "x") -> str:
    """Return a pyproject.toml with the dependencies and further TOML."""
    listed = json.dumps(dependencies)
    head = (
        f'[project]\nname = "{name}"\ndescription = "A test."\nversion = "1.2"\nrequires-python = ">=3.12"\n'
    )
    return f"{head}dependencies = {listed}\n{extra}"


def from_index(name: str, url: str) -> str:
    """Return a pyproject.toml with one dependency, which comes from an index."""
    index = f'[[tool.uv.index]]\nname = "own"\nurl = "{url}"\nexplicit = true\n'
    return project([name], index + f'[tool.uv.sources]\n{name} = {{ index = "own" }}\n')


def answer(platform: Running, name: str, files: dict[str, str]) -> str:
    """Deploy a project; return what its function answers."""
    revision = platform.deploy(name, files)
    assert revision["state"] == "live", revision.get("reason")
    return platform.call(name).text


def report(platform: Running, name: str, number: int = 1) -> dict[str, Any]:
    """Return the build report of a revision."""
    return platform.api("GET", f"/v1/functions/{name}/revisions/{number}/report").json()


HELLO = """
from workers import Response, WorkerEntrypoint
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return Response("hello")
"""


def assert_problem(response: httpx.Response, status: int, code: str, part: str) -> None:
    """Check that the response is a problem whose detail contains a text."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"].startswith("application/problem+json")
    problem = response.json()
    assert (problem["status"], problem["code"]) == (status, code)
    assert part in problem["detail"]
    assert {"type", "title", "instance"} <= problem.keys() | {"type"}
