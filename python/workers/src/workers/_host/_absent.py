"""Modules of Cloudflare's runtime that cannot exist here: importing them says what to use instead."""

from __future__ import annotations

import sys

_JAVASCRIPT = (
    "there is no JavaScript in a function of Hearth; use `from workers import Response, fetch, FormData` and "
    "Python's own types"
)
_INSTEAD = {
    "js": _JAVASCRIPT,
    "pyodide": _JAVASCRIPT,
    "pyodide_js": _JAVASCRIPT,
    "_pyodide": _JAVASCRIPT,
    "cloudflare.workers": "use `from workers import …`",
}


class AbsentFinder:
    """Comes last among the finders, so a module of the project or of a dependency wins."""

    @staticmethod
    def find_spec(name: str, _path: object = None, _target: object = None) -> None:
        """Raise ModuleNotFoundError for an absent module with what to use instead."""
        instead = _INSTEAD.get(name)
        if instead:
            message = f"No module named {name!r}: {instead}"
            raise ModuleNotFoundError(message, name=name)


def explain_absent() -> None:
    """Let imports of absent modules say what to use instead."""
    sys.meta_path.append(AbsentFinder)
