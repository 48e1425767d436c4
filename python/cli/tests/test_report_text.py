"""Build reports in the terminal."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console

from hearth_cli._errors import HearthError
from hearth_cli._report import explain, render

REPORT: dict[str, Any] = {
    "entry": "main:app",
    "convention": "asgi",
    "artifact": "sha256:" + "0" * 64,
    "sizes": {"whole": 3_000, "pruned": 2_000, "compressed": 900, "artifact": 1_000},
    "packages": [
        {
            "name": "tea",
            "version": "1.2",
            "licence": "MIT",
            "layer": "sha256:" + "a" * 64,
            "modules": {"tea": "main", "tea.cups": "tea"},
            "leftOut": ["tea.tests"],
            "reached": True,
            "reused": True,
            "unpackedBytes": 2_000,
            "chain": "x → tea",
            "withoutNative": True,
        }
    ],
    "pruned": [{"rule": "tests", "files": 3, "bytes": 1_000}],
    "without": [{"name": "uvloop", "version": "0.21", "chain": "x → uvloop"}],
    "differences": [{"path": "main.py", "line": 3, "difference": "select.poll: is missing"}],
    "undecided": {"tea.plugins": "computed import"},
    "lateModules": ["tea.late"],
    "code": {"modules": {"main": ""}},
}


def shown(report: dict[str, Any]) -> str:
    text = io.StringIO()
    Console(file=text, width=200).print(render(report))
    return text.getvalue()


def test_a_report_shows_sizes_packages_and_what_was_left_out() -> None:
    text = shown(REPORT)

    assert "as installed 3.0 kB, after pruning 2.0 kB (900 bytes compressed), started with 1.0 kB" in text
    assert "aaaaaaaaaaaa reused" in text
    assert "pruned: tests (3 files, 1.0 kB)" in text
    assert "without their native part: tea" in text
    assert "uvloop 0.21 (x → uvloop)" in text
    assert "main.py:3: select.poll: is missing" in text
    assert "loaded late: tea.late" in text


def test_explains_the_imports_that_lead_to_a_module() -> None:
    assert explain(REPORT, "tea.cups") == "main → tea → tea.cups"
    assert explain(REPORT, "tea.tests") == "tea.tests of tea is left out: no import leads there"


def test_explains_a_cycle_once() -> None:
    packages = [REPORT["packages"][0] | {"modules": {"a": "b", "b": "a"}}]

    assert explain(REPORT | {"packages": packages}, "a") == "b → a"


def test_refuses_to_explain_an_unknown_module() -> None:
    with pytest.raises(HearthError, match="coffee is no module of this build"):
        explain(REPORT, "coffee")
