"""A client of the REST API."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

import httpx
from httpx_sse import connect_sse

from hearth_cli._errors import HearthError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hearth_cli._platform import Platform

Json = dict[str, Any]
ENDED = frozenset({"live", "failed", "superseded"})

_FIRST_ERROR = 400


class Client:
    """Calls the API; raises the problems that it answers as HearthError."""

    def __init__(self, platform: Platform) -> None:
        """Create a client that keeps its connections open."""
        self._platform = platform
        # Without https, the certificates of authorities need not be loaded.
        is_encrypted = platform.url.startswith("https:")
        self._http = httpx.Client(base_url=platform.url, timeout=1800.0, verify=is_encrypted)

    def upload(self, name: str, archive: bytes, *, entry: str | None, environment: Mapping[str, str]) -> Json:
        """Upload an archive and return the new revision."""
        headers = {"content-type": "application/zip"}
        if entry:
            headers["hearth-entry"] = entry
        if environment:
            headers["hearth-environment"] = json.dumps(dict(environment))
        path = f"/v1/functions/{name}/revisions"
        return self._api("POST", path, content=archive, headers=headers).json()

    def revision(self, name: str, number: int) -> Json:
        """Return a revision."""
        return self._api("GET", f"/v1/functions/{name}/revisions/{number}").json()

    def function(self, name: str) -> Json:
        """Return a function with its revisions."""
        return self._api("GET", f"/v1/functions/{name}").json()

    def functions(self) -> list[Json]:
        """Return all functions."""
        return self._api("GET", "/v1/functions").json()["functions"]

    def build_log(self, name: str, number: int) -> str:
        """Return the log of a build."""
        return self._api("GET", f"/v1/functions/{name}/revisions/{number}/build-log").text

    def follow_build(self, name: str, number: int, *, seconds: float) -> Iterator[str]:
        """Yield log lines and states of a revision as they arrive, until it has ended or the time is up."""
        path = f"/v1/functions/{name}/revisions/{number}/build-log"
        deadline = time.monotonic() + seconds
        last = "0"
        while time.monotonic() < deadline:
            headers = self._key() | {"last-event-id": last}
            try:
                with connect_sse(self._http, "GET", path, headers=headers) as source:
                    if source.response.status_code >= _FIRST_ERROR:
                        source.response.read()
                        raise _problem(source.response)
                    for event in source.iter_sse():
                        last = event.id or last
                        data = json.loads(event.data)
                        yield data["text"] if event.event == "line" else data
            except httpx.TransportError:
                # The connection broke, the build goes on: continue after the last line received.
                pass
            if self.revision(name, number)["state"] in ENDED:
                return

    def report(self, name: str, number: int) -> Json:
        """Return the report of a build."""
        return self._api("GET", f"/v1/functions/{name}/revisions/{number}/report").json()

    def report_page(self, name: str, number: int) -> str:
        """Return the report as HTML."""
        path = f"/v1/functions/{name}/revisions/{number}/report"
        return self._api("GET", path, headers={"accept": "text/html"}).text

    def indexes(self) -> list[Json]:
        """Return the logins for package indexes, without passwords."""
        return self._api("GET", "/v1/indexes").json()["indexes"]

    def log_in(self, host: str, username: str, password: str) -> None:
        """Store the login of a package index."""
        login = json.dumps({"username": username, "password": password}).encode()
        headers = {"content-type": "application/json"}
        self._api("PUT", f"/v1/indexes/{host}", content=login, headers=headers)

    def log_out(self, host: str) -> None:
        """Delete the login of a package index."""
        self._api("DELETE", f"/v1/indexes/{host}")

    def wheels(self) -> list[Json]:
        """Return the wheels of the wheelhouse."""
        return self._api("GET", "/v1/wheelhouse").json()["wheels"]

    def add_wheel(self, name: str, content: bytes) -> None:
        """Add a wheel to the wheelhouse."""
        headers = {"content-type": "application/octet-stream"}
        self._api("PUT", f"/v1/wheelhouse/{name}", content=content, headers=headers)

    def remove_wheel(self, name: str) -> None:
        """Remove a wheel from the wheelhouse."""
        self._api("DELETE", f"/v1/wheelhouse/{name}")

    def logs(self, name: str, *, revision: int | None = None, after: int = 0) -> list[Json]:
        """Return the newest entries of a log, of one revision or of all, after the one with an id."""
        query = urlencode({"after": after} if revision is None else {"after": after, "revision": revision})
        headers = {"accept": "application/x-ndjson"}
        text = self._api("GET", f"/v1/functions/{name}/logs?{query}", headers=headers).text
        # Not splitlines: a text may hold other separators of lines, which JSON leaves as they are.
        return [json.loads(line) for line in text.split("\n") if line]

    def metrics(self, name: str) -> Json:
        """Return counts and times of a function's calls."""
        return self._api("GET", f"/v1/functions/{name}/metrics").json()

    def invoke(self, name: str, event: bytes) -> httpx.Response:
        """Call a handler with an event and return its answer, which may be an error of the handler."""
        return self._send(
            "POST",
            f"/v1/functions/{name}/invocations",
            content=event,
            headers=self._key() | {"content-type": "application/json"},
        )

    def call(
        self, url: str, path: str, *, method: str, body: bytes, headers: Mapping[str, str]
    ) -> httpx.Response:
        """Call a function by HTTP at its URL and return its answer, whatever the status."""
        return self._send(method, url.rstrip("/") + "/" + path.lstrip("/"), content=body, headers=headers)

    def send(self, path: str) -> httpx.Response:
        """Send GET for a path without a key."""
        return self._send("GET", path)

    def _key(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self._platform.api_key}"}

    def _api(
        self,
        method: str,
        path: str,
        *,
        content: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        response = self._send(method, path, content=content, headers=self._key() | dict(headers or {}))
        if response.status_code >= _FIRST_ERROR:
            raise _problem(response)
        return response

    def _send(
        self,
        method: str,
        path: str,
        *,
        content: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        try:
            return self._http.request(method, path, content=content, headers=dict(headers or {}))
        except httpx.TimeoutException as late:
            message = f"{self._platform.url} did not answer in time."
            raise HearthError(message, "read the platform's log, hearth.log in its data folder") from late
        except httpx.TransportError as unreachable:
            message = f"nothing answers at {self._platform.url} ({unreachable})."
            raise HearthError(message, "is `hearth up` running?") from unreachable


_HINTS = {
    "unauthenticated": "set HEARTH_API_KEY, or HEARTH_DATA to the folder of `hearth up`",
    "function_not_found": "`hearth functions` lists yours",
    "revision_not_found": "`hearth functions` shows the number of the latest revision",
}


def problem_of(response: httpx.Response) -> Json:
    """Return the problem that the platform answered; empty if it answered something else."""
    try:
        problem: Any = response.json()
    except ValueError:
        return {}
    return (
        cast("Json", problem)
        if isinstance(problem, dict) and {"title", "detail", "code"} <= {*problem}
        else {}
    )


def _problem(response: httpx.Response) -> HearthError:
    problem = problem_of(response)
    if not problem:
        return HearthError(f"the API answered {response.status_code}: {response.text[:300]}")
    # What follows is advice for callers of the API.
    detail = problem["detail"].partition(" GET /v1/")[0]
    return HearthError(f"{problem['title']}: {detail}", _HINTS.get(problem["code"], ""))
