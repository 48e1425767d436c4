"""`hearth index`: manages logins for private package indexes."""

from __future__ import annotations

import sys
from getpass import getpass
from typing import Annotated

import typer

from hearth_cli._terminal import connect, plain, stderr, stdout

indexes = typer.Typer(name="index", help="Manage logins for private package indexes.", no_args_is_help=True)
Host = Annotated[str, typer.Argument(help="Host of the index, for example pypi.example.com.")]


@indexes.command()
def login(
    host: Host,
    username: Annotated[str, typer.Option(help="The user's name.", prompt=True)],
) -> None:
    """Store a login for a host. Prompts for the password, or reads it from standard input."""
    asked = sys.stdin.isatty()
    password = getpass("Password: ") if asked else sys.stdin.readline().rstrip("\n")
    connect().log_in(host, username, password)
    stderr.print(f"stored: builds log in at {host} as {plain(username)}")


@indexes.command("list")
def list_logins() -> None:
    """List the stored logins."""
    for index in connect().indexes():
        stdout.print(f"{index['host']} {plain(index['username'])}")


@indexes.command()
def logout(host: Host) -> None:
    """Delete a login."""
    connect().log_out(host)
