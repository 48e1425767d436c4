"""`hearth index`: manages logins for private package indexes."""

from __future__ import annotations

import sys
from getpass import getpass

from hearth_cli._terminal import connect, say


def login(host: str, username: str) -> None:
    """Store a login for a host. Prompts for the password, or reads it from standard input."""
    asked = sys.stdin.isatty()
    password = getpass("Password: ") if asked else sys.stdin.readline().rstrip("\n")
    connect().log_in(host, username, password)
    say(f"stored: builds log in at {host} as {username}")


def list_logins() -> None:
    """List the stored logins."""
    for index in connect().indexes():
        sys.stdout.write(f"{index['host']} {index['username']}\n")


def logout(host: str) -> None:
    """Delete a login."""
    connect().log_out(host)
