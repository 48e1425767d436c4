# ruff: noqa: S108 - names that nothing opens
"""Fixes for what native modules return and see."""

from __future__ import annotations

import json.encoder
import tempfile
from pathlib import Path
from typing import Any

import pytest

from workers._host._compat._native import own_booleans, seen_by_native_code, with_own_booleans


class Leaves:
    """An object that JSON does not know."""

    def __init__(self, *leaves: Any) -> None:
        self.leaves = iter(leaves)


@pytest.mark.parametrize(
    "value",
    [
        1,
        [0, 1, 10, -1, 1.0, True, False, None],
        {"a": 1, True: 1, "1": "text 1, 0"},
        {"b": (1, [True]), "a": {}},
        "1",
    ],
)
def test_json_stays_the_same(monkeypatch: pytest.MonkeyPatch, value: object) -> None:
    plain = json.dumps(value)
    monkeypatch.setattr(json.encoder, "c_make_encoder", with_own_booleans(json.encoder.c_make_encoder))

    assert json.dumps(value) == plain


def test_json_asks_once_for_an_unknown_object(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json.encoder, "c_make_encoder", with_own_booleans(json.encoder.c_make_encoder))

    assert json.dumps([Leaves(1, "a")], default=lambda unknown: list(unknown.leaves)) == '[[1, "a"]]'


def test_json_still_refuses_a_circle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json.encoder, "c_make_encoder", with_own_booleans(json.encoder.c_make_encoder))
    circle: list[object] = [1]
    circle.append(circle)

    with pytest.raises(ValueError, match="Circular"):
        json.dumps(circle)


def test_only_booleans_change() -> None:
    mark = object()

    assert own_booleans({"a": [True, 1, mark], False: (0,)}) == {"a": [True, 1, mark], False: [0]}


@pytest.mark.parametrize(
    ("name", "is_uri", "seen"),
    [
        ("/tmp/tea.db", False, "TMP/tea.db"),
        (b"/tmp/a/../tea.db", False, "TMP/tea.db"),
        (Path("/tmp/deep/tea.db"), False, "TMP/deep/tea.db"),
        ("tea.db", False, "CWD/tea.db"),
        ("/srv/tea.db", False, "/srv/tea.db"),
        ("/tmpfile/tea.db", False, "/tmpfile/tea.db"),
        (":memory:", False, ":memory:"),
        ("", False, ""),
        ("file:/tmp/tea.db?mode=ro", True, "file://TMP/tea.db?mode=ro"),
        ("file:///tmp/caf%C3%A9.db", True, "file://TMP/caf%C3%A9.db"),
        ("file:tea.db", True, "file://CWD/tea.db"),
        ("file:shared?mode=memory&cache=shared", True, "file:shared?mode=memory&cache=shared"),
        ("file::memory:", True, "file::memory:"),
        ("file:tea.db", False, "CWD/file:tea.db"),
        ("TMP/tea.db", False, "TMP/tea.db"),
    ],
)
def test_native_code_finds_the_files_that_python_sees(
    monkeypatch: pytest.MonkeyPatch,
    name: str | bytes | Path,
    is_uri: bool,  # noqa: FBT001
    seen: str,
) -> None:
    temporary = "/tmp/instances/seven"
    monkeypatch.setattr(tempfile, "tempdir", temporary)
    monkeypatch.chdir("/usr")
    given = name.replace("TMP", temporary) if isinstance(name, str) else name

    found = seen_by_native_code(given, is_uri=is_uri)

    assert found == seen.replace("TMP", temporary).replace("CWD", "/usr")
