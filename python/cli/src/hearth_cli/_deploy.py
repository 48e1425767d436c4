"""Deploying: upload, then watch the revision until it is live or not."""

from __future__ import annotations

import re
import time
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hearth_cli._archive import pack
from hearth_cli._errors import HearthError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from hearth_cli._client import Client, Json

_ENDED = {"live", "failed", "superseded"}
_POLL_SECONDS = 0.1
_GIVE_UP_SECONDS = 900.0


@dataclass(frozen=True, slots=True)
class Deployment:
    """What to deploy, and as what."""

    folder: Path
    name: str | None = None
    entry: str | None = None
    environment: Mapping[str, str] | None = None


def deploy(client: Client, deployment: Deployment, progress: Callable[[str], None]) -> Json:
    """Deploy a project and return the live revision; raise HearthError with the reason when it fails."""
    archive = pack(deployment.folder)
    name = deployment.name or function_name(deployment.folder)
    progress(f"uploading {len(archive):,} bytes")
    revision = client.upload(name, archive, entry=deployment.entry, environment=deployment.environment or {})
    deadline = time.monotonic() + _GIVE_UP_SECONDS
    while revision["state"] not in _ENDED:
        progress(revision["state"])
        if time.monotonic() > deadline:
            message = f"{name} revision {revision['number']} is still {revision['state']}."
            raise HearthError(
                message,
                f"`hearth functions` shows when it changes; `hearth build-log {name}` what it does",
            )
        time.sleep(_POLL_SECONDS)
        revision = client.revision(name, revision["number"])
    if revision["state"] == "failed":
        reason = revision["reason"]
        message = f"{name} revision {revision['number']} failed ({reason['code']}):\n{reason['detail']}"
        raise HearthError(message, f"`hearth build-log {name}` shows the whole build")
    return revision


def function_name(folder: Path) -> str:
    """Return the project's name as a function name; raise HearthError when that gives none."""
    try:
        project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
        name = str(project.get("project", {}).get("name", "")) or folder.resolve().name
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
        message = f"{folder / 'pyproject.toml'} cannot be read: {broken}"
        raise HearthError(message) from broken
    name = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:63].strip("-")
    if not name:
        message = "the project has no name that a function could have."
        raise HearthError(message, "give one with --name")
    return name
