"""The commands. Data goes to stdout, everything else to stderr.

Exit codes: 0 done, 1 failed (the reason is on stderr), 2 wrong usage.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from hearth_cli._build import build as run_build
from hearth_cli._demo import as_json
from hearth_cli._demo import demo as run_demo
from hearth_cli._deploy import Deployment
from hearth_cli._deploy import deploy as run_deploy
from hearth_cli._errors import HearthError
from hearth_cli._indexes import indexes
from hearth_cli._platform import find_platform
from hearth_cli._report import explain, render
from hearth_cli._terminal import connect, note, plain, read, stderr, stdout
from hearth_cli._wheelhouse import wheelhouse

if TYPE_CHECKING:
    from hearth_cli._client import Json

_FIRST_ERROR = 400

_app = typer.Typer(
    help="Deploy and call Python workers. `./hearth up` starts a platform.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
_app.add_typer(indexes)
_app.add_typer(wheelhouse)

Name = Annotated[str, typer.Argument(help="The function's name.")]


def main() -> None:
    """Run the command line and end the process."""
    try:
        _app()
    except HearthError as failed:
        stderr.print(f"[red]error:[/red] {plain(str(failed))}", soft_wrap=True)
        if failed.hint:
            stderr.print(f"[dim]hint:[/dim] {plain(failed.hint)}", soft_wrap=True)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


@_app.command()
def deploy(
    path: Annotated[Path, typer.Argument(help="A project's folder, or a script.")],
    name: Annotated[
        str | None, typer.Option(help="Name of the function. Default: the project's name.")
    ] = None,
    entry: Annotated[
        str | None, typer.Option(help="Entry point, module:attribute. Default: found in the code.")
    ] = None,
    env: Annotated[list[str] | None, typer.Option(help="Variable, KEY=VALUE; may be repeated.")] = None,
) -> None:
    """Deploy a project and wait until it is live."""
    client = connect()
    deployment = Deployment(path, name, entry, _environment(env or []))
    if stderr.is_terminal:
        with stderr.status("packing") as status:
            revision = run_deploy(client, deployment, lambda step: status.update(plain(step)))
    else:
        revision = run_deploy(client, deployment, lambda step: stderr.print(plain(step), soft_wrap=True))
    total = sum(revision["timings"].values()) / 1000
    stderr.print(f"{revision['function']} revision {revision['number']} is live after {total:.1f} s")
    without = client.report(revision["function"], revision["number"]).get("without", [])
    if without:
        names = ", ".join(each["name"] for each in without)
        message = f"left out {names}, which GraalPy cannot use: see `hearth report {revision['function']}`"
        note(message)
    stdout.print(find_platform().url + revision["url"], soft_wrap=True)


def _environment(pairs: list[str]) -> dict[str, str]:
    environment: dict[str, str] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not key or not equals:
            message = f"--env takes KEY=VALUE but got {pair!r}."
            raise HearthError(message)
        environment[key] = value
    return environment


@_app.command()
def call(  # noqa: PLR0913, PLR0917 - one parameter for each option
    name: Name,
    path: Annotated[str, typer.Argument(help="Path and query of the request.")] = "/",
    method: Annotated[
        str | None, typer.Option(help="HTTP method. Default: GET, or POST with --data.")
    ] = None,
    data: Annotated[str | None, typer.Option(help="Body of the request; @FILE reads it from a file.")] = None,
    event: Annotated[Path | None, typer.Option(help="JSON file to hand to a Lambda-style handler.")] = None,
    header: Annotated[
        list[str] | None,
        typer.Option("--header", "-H", help="Header of the request, NAME: VALUE; may be repeated."),
    ] = None,
) -> None:
    """Call a function and print its answer; exit with 1 if the status is 400 or more."""
    client = connect()
    if event is not None:
        answer = client.invoke(name, read(event))
    else:
        body = b"" if data is None else _body(data)
        answer = client.call(
            name,
            path,
            method=method or ("GET" if data is None else "POST"),
            body=body,
            headers=_headers(header or []),
        )
    sys.stdout.buffer.write(answer.content)
    sys.stdout.flush()
    if sys.stdout.isatty() and not answer.content.endswith(b"\n"):
        print()  # noqa: T201 - for readability on a terminal
    if answer.status_code >= _FIRST_ERROR:
        message = f"{name} answered {answer.status_code}."
        raise HearthError(message, f"read its log with `hearth logs {name}`")


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


@_app.command()
def functions() -> None:
    """List your functions."""
    listed = connect().functions()
    if not listed:
        stderr.print("there are no functions yet; deploy one with `hearth deploy PATH`")
        return
    table = Table("name", "live", "latest", "state", "url", box=None, pad_edge=False)
    for function in listed:
        latest = function["latest"]
        table.add_row(
            function["name"],
            str(function.get("live", "-")),
            str(latest["number"]),
            latest["state"],
            function["url"],
        )
    stdout.print(table)


@_app.command("build-log")
def build_log(
    name: Name,
    revision: Annotated[
        int | None, typer.Argument(help="Number of the revision. Default: the latest.")
    ] = None,
) -> None:
    """Print the log of a build."""
    client = connect()
    number = revision or client.function(name)["latest"]["number"]
    sys.stdout.write(client.build_log(name, number))


@_app.command()
def report(
    name: Name,
    revision: Annotated[
        int | None, typer.Argument(help="Number of the revision. Default: the latest.")
    ] = None,
    *,
    json: Annotated[bool, typer.Option("--json", help="Print the whole report as JSON.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write the report as HTML to this file.")] = None,
    why: Annotated[str | None, typer.Option(help="Show which imports lead to this module.")] = None,
) -> None:
    """Show what a build packed, what it left out, and why."""
    client = connect()
    number = revision or client.function(name)["latest"]["number"]
    if html is not None:
        html.write_text(client.report_page(name, number), encoding="utf-8")
        stderr.print(f"wrote {html}")
        return
    shown = client.report(name, number)
    if why is not None:
        stdout.print(plain(explain(shown, why)), soft_wrap=True)
        return
    _show(shown, json=json)


@_app.command()
def build(
    path: Annotated[Path, typer.Argument(help="A project's folder, or a script.")],
    out: Annotated[Path, typer.Option(help="Folder that gets the artifact (an OCI image layout).")],
    entry: Annotated[
        str | None, typer.Option(help="Entry point, module:attribute. Default: found in the code.")
    ] = None,
    find_links: Annotated[Path | None, typer.Option(help="Folder with wheels of a wheelhouse.")] = None,
    *,
    json: Annotated[bool, typer.Option("--json", help="Print the whole report as JSON.")] = False,
) -> None:
    """Make the artifact that the platform would make, without a platform."""
    _show(run_build(path, out, entry, find_links), json=json)


def _show(shown: Json, *, json: bool) -> None:
    if json:
        sys.stdout.write(as_json(shown) + "\n")
    else:
        stdout.print(render(shown))


@_app.command()
def logs(
    name: Name,
    *,
    json: Annotated[
        bool, typer.Option("--json", help="One JSON object a line: time, level, invocation, revision, text.")
    ] = False,
) -> None:
    """Print the log of a function."""
    sys.stdout.write(connect().logs(name, structured=json))


@_app.command()
def metrics(
    name: Name,
    *,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Show number, answers, starts and times of a function's calls."""
    known = connect().metrics(name)
    if json:
        sys.stdout.write(as_json(known) + "\n")
        return
    answers = ", ".join(f"{count} {answer}" for answer, count in known["answers"].items()) or "none"
    stdout.print(f"{known['calls']} calls since {known['since']}: {answers}", soft_wrap=True)
    if not known["calls"]:
        return
    # Times cover the last ten minutes.
    table = Table(
        "start", "calls", "p50 ms", "p99 ms", "waited p50 ms", "waited max ms", box=None, pad_edge=False
    )
    for start, of in known["starts"].items():
        times = (of["call"]["p50"], of["call"]["p99"], of["waited"]["p50"], of["waited"]["max"])
        table.add_row(start, str(of["calls"]), *(f"{milliseconds:.1f}" for milliseconds in times))
    stdout.print(table)


@_app.command()
def demo(
    *,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Start a temporary platform, deploy and call the examples, measure, and stop it."""
    console = stderr if json else stdout
    report = run_demo(lambda line: console.print(plain(line), soft_wrap=True))
    if json:
        sys.stdout.write(as_json(report) + "\n")
    else:
        console.print("\nAll examples work.")
