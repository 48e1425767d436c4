"""Finds the platform: by HEARTH_URL and HEARTH_API_KEY, else by the files of `up` in the data folder."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from hearth_cli._errors import HearthError

_START = "start one with `hearth up`, or set HEARTH_URL and HEARTH_API_KEY"


@dataclass(frozen=True, slots=True)
class Platform:
    """Address of a platform, and an API key."""

    url: str
    api_key: str


def find_platform() -> Platform:
    """Return the platform to use; raise HearthError if none is known."""
    data = Path(os.environ.get("HEARTH_DATA", ".hearth"))
    url = os.environ.get("HEARTH_URL") or _read(data / "url")
    if not url:
        message = f"no platform is running on {data}."
        raise HearthError(message, _START)
    api_key = os.environ.get("HEARTH_API_KEY") or _read(data / "api-key")
    if not api_key:
        message = "there is no API key."
        raise HearthError(message, "set HEARTH_API_KEY, or HEARTH_DATA to the folder of `hearth up`")
    return Platform(url.rstrip("/"), api_key)


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""
    except OSError as unreadable:
        message = f"{file} cannot be read: {unreadable.strerror}."
        hint = "run the command as the user who runs the platform, or set HEARTH_URL and HEARTH_API_KEY"
        raise HearthError(message, hint) from unreadable
