"""Uploads a project and follows its revision until it is live or has failed."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hearth_cli._archive import pack
from hearth_cli._client import ENDED
from hearth_cli._errors import HearthError
from hearth_cli._terminal import note

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from hearth_cli._client import Client, Json

_GIVE_UP_SECONDS = 900.0
# What lines of a build's log begin with that the user should read even if all goes well.
_WARNING = "warning: "


@dataclass(frozen=True, slots=True)
class Deployment:
    """A project with the name, entry and environment to deploy it with."""

    project: Path
    name: str | None = None
    entry: str | None = None
    environment: Mapping[str, str] | None = None


def deploy(client: Client, deployment: Deployment, progress: Callable[[str], None]) -> Json:
    """Deploy a project and return the live revision; raise HearthError with the reason when it fails."""
    archive = pack(deployment.project, note)
    name = deployment.name or function_name(deployment.project)
    progress(f"uploading {len(archive):,} bytes")
    revision = client.upload(name, archive, entry=deployment.entry, environment=deployment.environment or {})
    for happened in client.follow_build(name, revision["number"], seconds=_GIVE_UP_SECONDS):
        if happened.startswith(_WARNING):
            note(happened.removeprefix(_WARNING))
        elif happened != "failed" and not happened.startswith("failed: "):
            # Of a failure, the error below says all.
            progress(happened)
    revision = client.revision(name, revision["number"])
    if revision["state"] not in ENDED:
        message = f"{name} revision {revision['number']} is still {revision['state']}."
        raise HearthError(
            message,
            f"watch it with `hearth functions`, or read `hearth build-log {name}`",
        )
    if revision["state"] == "failed":
        raise failure(revision)
    return revision


def failure(revision: Json) -> HearthError:
    """Return the error that says why a revision failed, and where to read more."""
    name, number, reason = revision["function"], revision["number"], revision["reason"]
    message = f"{name} revision {number} failed ({reason['code']}):\n{reason['detail']}"
    if revision.get("artifact"):
        # It was built, so its own code or the start failed.
        return HearthError(message, f"`hearth logs {name} --revision {number}` shows what it printed")
    return HearthError(message, f"`hearth build-log {name} {number}` shows the whole build")


def function_name(folder: Path) -> str:
    """Return the function's name: the project's, or that of the workspace member that is deployed.

    Raise HearthError if the project has no usable name.
    """
    file = folder / "pyproject.toml"
    try:
        project = tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
        member = project.get("tool", {}).get("hearth", {}).get("build", {}).get("package", "")
        named = str(member or project.get("project", {}).get("name", ""))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, AttributeError) as broken:
        message = f"{folder / 'pyproject.toml'} cannot be read: {broken}"
        raise HearthError(message, "correct the file; it must be TOML in UTF-8") from broken
    name = named or folder.resolve().name.removesuffix(".py")
    name = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:63].strip("-")
    if not name:
        message = "the project's name has no letter or digit, so the function has no name."
        raise HearthError(message, "give one with --name")
    return name
