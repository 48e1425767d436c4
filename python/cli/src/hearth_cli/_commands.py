"""The commands. Data goes to stdout, everything else to stderr.

Modules that load slowly are imported by the commands that need them.
"""

from __future__ import annotations

import json as json_module
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from hearth_cli._errors import HearthError
from hearth_cli._terminal import connect, note, print_columns, read, say, show

if TYPE_CHECKING:
    from collections.abc import Callable

    from hearth_cli._client import Client, Json

_FIRST_ERROR = 400
_FOLLOW_SECONDS = 0.5
_LONGEST_REASON = 100


def deploy(path: Path, name: str | None, entry: str | None, env: list[str]) -> None:
    """Deploy a project and wait until it is live."""
    from hearth_cli._deploy import Deployment  # noqa: PLC0415
    from hearth_cli._deploy import deploy as run_deploy  # noqa: PLC0415
    from hearth_cli._platform import find_platform  # noqa: PLC0415

    deployment = Deployment(path, name, entry, _environment(env))
    client = connect()
    revision = _with_progress(lambda progress: run_deploy(client, deployment, progress))
    total = sum(revision["timings"].values()) / 1000
    is_live = revision["state"] == "live"
    state = f"live after {total:.1f} s" if is_live else "superseded: a newer revision is live"
    say(f"{revision['function']} revision {revision['number']} is {state}")
    without = client.report(revision["function"], revision["number"]).get("without", [])
    if without:
        names = ", ".join(each["name"] for each in without)
        note(f"left out {names}, which GraalPy cannot use: see `hearth report {revision['function']}`")
    sys.stdout.write(find_platform().url + revision["url"] + "\n")


def _with_progress(work: Callable[[Callable[[str], None]], Json]) -> Json:
    if not sys.stderr.isatty():
        return work(say)
    from rich.console import Console  # noqa: PLC0415
    from rich.markup import escape  # noqa: PLC0415

    with Console(stderr=True, highlight=False).status("packing") as status:
        return work(lambda step: status.update(escape(step)))


def _environment(pairs: list[str]) -> dict[str, str]:
    environment: dict[str, str] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not key or not equals:
            message = f"--env takes KEY=VALUE but got {pair!r}."
            raise HearthError(message)
        environment[key] = value
    return environment


def call(  # noqa: PLR0913, PLR0917 - one parameter for each option
    name: str, path: str, method: str | None, data: str | None, event: Path | None, header: list[str]
) -> None:
    """Call a function and print its answer; exit with 1 if the status is 400 or more."""
    from hearth_cli._client import problem_of  # noqa: PLC0415

    headers = _headers(header)
    client = connect()
    function = client.function(name)
    if "live" not in function:
        raise _not_live(function["latest"])
    if event is not None:
        answer = client.invoke(name, read(event))
    else:
        answer = client.call(
            function["url"],
            path,
            method=method or ("GET" if data is None else "POST"),
            body=b"" if data is None else _body(data),
            headers=headers,
        )
    sys.stdout.buffer.write(answer.content)
    sys.stdout.flush()
    is_error = answer.status_code >= _FIRST_ERROR
    if answer.content and not answer.content.endswith(b"\n"):
        # For readability on a terminal, and so that the error begins its own line wherever both go.
        if is_error:
            say("")
        elif sys.stdout.isatty():
            sys.stdout.write("\n")
    if is_error:
        code = problem_of(answer).get("code")
        message = f"{name} answered {answer.status_code}{f' ({code})' if code else ''}."
        raise HearthError(message, f"read its log with `hearth logs {name}`")


def _not_live(latest: Json) -> HearthError:
    """Return the error that says why no revision of a function takes calls."""
    from hearth_cli._deploy import failure  # noqa: PLC0415

    if latest["state"] == "failed":
        return failure(latest)
    name = latest["function"]
    message = f"{name} revision {latest['number']} is {latest['state']}, and no other takes calls."
    return HearthError(message, "wait until `hearth functions` shows it as live")


def _headers(lines: list[str]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not name.strip() or not colon:
            message = f"--header takes NAME: VALUE but got {line!r}."
            raise HearthError(message)
        headers[name.strip()] = value.strip()
    return headers


def _body(data: str) -> bytes:
    return read(Path(data[1:])) if data.startswith("@") else data.encode()


def functions() -> None:
    """List your functions."""
    listed = connect().functions()
    if not listed:
        say("there are no functions yet; deploy one with `hearth deploy PATH`")
        return
    rows = [("name", "live", "latest", "state", "url", "reason")]
    for function in listed:
        latest = function["latest"]
        rows.append(
            (
                function["name"],
                str(function.get("live", "-")),
                str(latest["number"]),
                latest["state"],
                function["url"],
                _reason(latest),
            )
        )
    print_columns(*rows)


def _reason(revision: Json) -> str:
    reason = revision.get("reason")
    if not reason:
        return ""
    line = reason["detail"].partition("\n")[0]
    return f"{reason['code']}: {line if len(line) <= _LONGEST_REASON else line[:_LONGEST_REASON] + '…'}"


def _revision(client: Client, name: str, revision: int | None) -> int:
    return revision or client.function(name)["latest"]["number"]


def build_log(name: str, revision: int | None) -> None:
    """Print the log of a build."""
    client = connect()
    sys.stdout.write(client.build_log(name, _revision(client, name, revision)))


def report(name: str, revision: int | None, *, json: bool, html: Path | None, why: str | None) -> None:
    """Show what a build packed, what it left out, and why."""
    client = connect()
    number = _revision(client, name, revision)
    if html is not None:
        html.write_text(client.report_page(name, number), encoding="utf-8")
        say(f"wrote {html}")
        return
    shown = client.report(name, number)
    if why is not None:
        from hearth_cli._report import explain  # noqa: PLC0415

        sys.stdout.write(explain(shown, why) + "\n")
        return
    _show(shown, json=json)


def build(path: Path, out: Path, entry: str | None, find_links: Path | None, *, json: bool) -> None:
    """Make the artifact that the platform would make, without a platform."""
    from hearth_cli._build import build as run_build  # noqa: PLC0415

    _show(run_build(path, out, entry, find_links), json=json)


def _show(shown: Json, *, json: bool) -> None:
    if json:
        _print_json(shown)
        return
    from hearth_cli._report import render  # noqa: PLC0415

    show(render(shown))


def _print_json(document: Json) -> None:
    sys.stdout.write(json_module.dumps(document, indent=2, ensure_ascii=False) + "\n")


def logs(name: str, revision: int | None, *, follow: bool, json: bool) -> None:
    """Print the log of a function, of all its revisions or of one."""
    client = connect()
    after = 0
    while True:
        for entry in client.logs(name, revision=revision, after=after):
            after = entry["id"]
            sys.stdout.write(json_module.dumps(entry, ensure_ascii=False) if json else _line(entry))
            sys.stdout.write("\n")
        sys.stdout.flush()
        if not follow:
            return
        time.sleep(_FOLLOW_SECONDS)


def _line(entry: Json) -> str:
    level = f" {entry['level'].upper()}" if entry["level"] else ""
    return f"{entry['time']} r{entry['revision']}{level} {entry['text']}"


def metrics(name: str, *, json: bool) -> None:
    """Show number, answers, starts and times of a function's calls."""
    known = connect().metrics(name)
    if json:
        _print_json(known)
        return
    answers = ", ".join(f"{count} {answer}" for answer, count in known["answers"].items()) or "none"
    sys.stdout.write(f"{known['calls']} calls since {known['since']}: {answers}\n")
    if not known["calls"]:
        return
    # Times cover the last ten minutes.
    rows: list[tuple[str, ...]] = [("start", "calls", "p50 ms", "p99 ms", "waited p50 ms", "waited max ms")]
    for start, of in known["starts"].items():
        times = (of["call"]["p50"], of["call"]["p99"], of["waited"]["p50"], of["waited"]["max"])
        rows.append((start, str(of["calls"]), *(f"{milliseconds:.1f}" for milliseconds in times)))
    print_columns(*rows)


def demo(*, json: bool) -> None:
    """Start a temporary platform, deploy and call the examples, measure, and stop it."""
    from hearth_cli._demo import demo as run_demo  # noqa: PLC0415

    measured = run_demo(say if json else print)
    if json:
        _print_json(measured)
    else:
        sys.stdout.write("\nAll examples work.\n")
