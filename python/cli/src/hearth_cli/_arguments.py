"""The command line: which commands there are, and what they take."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hearth_cli import _commands, _indexes, _wheelhouse

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Command = Callable[..., None]


class _Commands:
    """Adds commands to a parser; each is described by its function's docstring."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self._commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def add(self, name: str, command: Command) -> argparse.ArgumentParser:
        parser = self._parser(name, command.__doc__ or "")
        parser.set_defaults(command=command)
        return parser

    def group(self, name: str, description: str) -> _Commands:
        return _Commands(self._parser(name, description))

    def _parser(self, name: str, description: str) -> argparse.ArgumentParser:
        # argparse formats help texts with %.
        first = description.partition("\n")[0].replace("%", "%%")
        return self._commands.add_parser(name, help=first, description=first, allow_abbrev=False)


def _name(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="the function's name")


def _revision(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "revision",
        metavar="REVISION",
        type=int,
        nargs="?",
        help="its number; default: the latest",
    )


def _json(parser: argparse.ArgumentParser, help_text: str = "print one JSON document") -> None:
    parser.add_argument("--json", action="store_true", help=help_text)


def _project(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", metavar="PATH", type=Path, help="a project's folder, or a script")
    parser.add_argument("--entry", help="entry point, module:attribute; default: found in the code")


def _repeated(parser: argparse.ArgumentParser, *names: str, **given: Any) -> None:  # noqa: ANN401
    parser.add_argument(*names, action="append", default=[], **given)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hearth",
        description="Deploy and call Python workers. `./hearth up` starts a platform.",
        epilog="Exit codes: 0 done, 1 failed (the reason is on stderr), 2 wrong usage.",
        allow_abbrev=False,
    )
    commands = _Commands(parser)
    _add_deploying(commands)
    _add_calling(commands)
    _add_indexes(commands.group("index", "Manage logins for private package indexes."))
    _add_wheelhouse(commands.group("wheelhouse", "Manage wheels built for GraalPy (operator only)."))
    _json(commands.add("demo", _commands.demo))
    return parser


def _add_deploying(commands: _Commands) -> None:
    deploy = commands.add("deploy", _commands.deploy)
    _project(deploy)
    deploy.add_argument("--name", help="name of the function; default: the project's name")
    _repeated(deploy, "--env", metavar="KEY=VALUE", help="variable; may be repeated")

    build_log = commands.add("build-log", _commands.build_log)
    _name(build_log)
    _revision(build_log)

    report = commands.add("report", _commands.report)
    _name(report)
    _revision(report)
    _json(report, "print the whole report as JSON")
    report.add_argument("--html", metavar="FILE", type=Path, help="write the report as HTML to this file")
    report.add_argument("--why", metavar="MODULE", help="show which imports lead to this module")

    build = commands.add("build", _commands.build)
    _project(build)
    build.add_argument(
        "--out", type=Path, required=True, help="folder that gets the artifact (an OCI image layout)"
    )
    build.add_argument("--find-links", metavar="FOLDER", type=Path, help="folder with wheels of a wheelhouse")
    _json(build, "print the whole report as JSON")


def _add_calling(commands: _Commands) -> None:
    commands.add("functions", _commands.functions)

    call = commands.add("call", _commands.call)
    _name(call)
    call.add_argument("path", metavar="PATH", nargs="?", default="/", help="path and query of the request")
    call.add_argument("--method", help="HTTP method; default: GET, or POST with --data")
    call.add_argument("--data", help="body of the request; @FILE reads it from a file")
    call.add_argument("--event", metavar="FILE", type=Path, help="JSON file for a Lambda-style handler")
    _repeated(call, "--header", "-H", metavar="NAME: VALUE", help="header of the request; may be repeated")

    logs = commands.add("logs", _commands.logs)
    _name(logs)
    logs.add_argument("--revision", metavar="NUMBER", type=int, help="only this revision; default: all")
    logs.add_argument("--follow", "-f", action="store_true", help="go on with new entries until Ctrl-C")
    _json(logs, "one JSON object a line: id, time, level, invocation, revision, text")

    metrics = commands.add("metrics", _commands.metrics)
    _name(metrics)
    _json(metrics)


def _add_indexes(commands: _Commands) -> None:
    login = commands.add("login", _indexes.login)
    login.add_argument("host", metavar="HOST", help="host of the index, for example pypi.example.com")
    login.add_argument("--username", required=True, help="the user's name")
    commands.add("list", _indexes.list_logins)
    commands.add("logout", _indexes.logout).add_argument("host", metavar="HOST", help="host of the index")


def _add_wheelhouse(commands: _Commands) -> None:
    add = commands.add("add", _wheelhouse.add)
    add.add_argument(
        "requirement", metavar="REQUIREMENT", help="NAME==VERSION, the NAME of a recipe, or a wheel file"
    )
    add.add_argument("--out", type=Path, help="only write the wheel into this folder")
    _repeated(add, "--tools", type=Path, help="folder of a program that the build needs; may be repeated")
    _repeated(add, "--allow-host", metavar="HOST", help="host that the build may fetch from; may be repeated")
    add.add_argument("--index", help="package index to build from; default: PyPI")
    commands.add("list", _wheelhouse.list_wheels)
    commands.add("remove", _wheelhouse.remove).add_argument(
        "wheel", metavar="WHEEL", help="a wheel's file name"
    )


def parse(arguments: Sequence[str]) -> Callable[[], None]:
    """Return the command that a command line names; exit with 2 if it is wrong."""
    parser = _parser()
    if not arguments:
        parser.print_help()
        parser.exit(2)
    given = vars(parser.parse_args(arguments))
    command: Command = given.pop("command")
    return lambda: command(**given)
