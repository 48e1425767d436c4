"""Archives that the API refuses before a build starts."""

from __future__ import annotations

import io
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest
from conftest import PYPROJECT, Running, archive
from projects import HELLO, assert_problem

if TYPE_CHECKING:
    from collections.abc import Callable


def tar_gz(info: tarfile.TarInfo) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as packed:
        packed.addfile(info)
    return buffer.getvalue()


def tar_entry(name: str, kind: bytes) -> bytes:
    info = tarfile.TarInfo(name)
    info.type = kind
    info.linkname = "/etc/passwd"
    return tar_gz(info)


def linked_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        entry = zipfile.ZipInfo("link")
        entry.external_attr = 0o120777 << 16
        packed.writestr(entry, "/etc/passwd")
    return buffer.getvalue()


def wrong_crc() -> bytes:
    packed = bytearray(archive({"pyproject.toml": PYPROJECT, "main.py": HELLO}))
    place = packed.index(b"hello")
    packed[place : place + 5] = b"jello"
    return bytes(packed)


def overlapping() -> bytes:
    packed = archive({"pyproject.toml": PYPROJECT, "a.py": "a" * 50, "b.py": "b" * 50})
    directory = packed.index(b"PK\x01\x02")
    records = packed[directory:]
    # Point the third entry at the second one's bytes.
    second = records.index(b"PK\x01\x02", 4)
    third = records.index(b"PK\x01\x02", second + 4)
    changed = bytearray(records)
    changed[third + 42 : third + 46] = records[second + 42 : second + 46]
    return packed[:directory] + bytes(changed)


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        packed.writestr("pyproject.toml", PYPROJECT)
        with packed.open("zeros", "w", force_zip64=True) as entry:
            for _ in range(600):
                entry.write(bytes(1 << 20))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (
            lambda: archive({"pyproject.toml": PYPROJECT} | {f"{i}": "" for i in range(65_600)}),
            "20000 entries",
        ),
        (bomb, "unpacks to more than 512 MiB"),
    ],
)
def test_a_large_archive_is_refused(platform: Running, content: Callable[[], bytes], part: str) -> None:
    assert_problem(platform.upload("bomb", content()), 413, "archive_too_large", part)


@pytest.mark.parametrize(
    ("content", "code", "part"),
    [
        (wrong_crc(), "archive_invalid", "damaged"),
        (overlapping(), "archive_invalid", "damaged"),
        (archive({"pyproject.toml": PYPROJECT, "A.py": "", "a.py": ""}), "archive_unsafe", "comes twice"),
        (archive({"pyproject.toml": PYPROJECT, "a\\b.py": ""}), "archive_unsafe", "backslash"),
        (b"this is no archive", "archive_invalid", "neither a zip nor a tar.gz"),
        (b"", "archive_invalid", "neither a zip nor a tar.gz"),
        (b"PK\x03\x04damaged", "archive_invalid", "damaged"),
        (archive({"pyproject.toml": PYPROJECT, "../evil.py": ""}), "archive_unsafe", "leaves the archive"),
        (archive({"pyproject.toml": PYPROJECT, "/etc/evil": ""}), "archive_unsafe", "absolute"),
        (linked_zip(), "archive_unsafe", "link or a device"),
        (tar_entry("../evil", tarfile.REGTYPE), "archive_unsafe", "leaves the archive"),
        (tar_entry("link", tarfile.SYMTYPE), "archive_unsafe", "link or a device"),
        (tar_entry("link", tarfile.LNKTYPE), "archive_unsafe", "link or a device"),
        (tar_entry("device", tarfile.CHRTYPE), "archive_unsafe", "link or a device"),
        (archive({"main.py": HELLO}), "project_invalid", "pyproject.toml"),
    ],
    ids=lambda value: value if isinstance(value, str) else "archive",
)
def test_a_refused_archive_makes_no_function(platform: Running, content: bytes, code: str, part: str) -> None:
    assert_problem(platform.upload("refused", content), 422, code, part)
    assert_problem(platform.api("GET", "/v1/functions/refused"), 404, "function_not_found", "refused")
