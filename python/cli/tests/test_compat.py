"""Libraries that need Hearth's fixes for gaps of GraalPy."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING

from projects import answer, project, worker

if TYPE_CHECKING:
    from conftest import Running


def test_requests_fetches_by_https_through_the_proxy(platform: Running) -> None:
    files = {
        "pyproject.toml": project(["requests"]),
        "main.py": worker("import requests", "requests.get('https://pypi.org/simple/idna/').status_code"),
    }

    assert answer(platform, "requests", files) == "200"


def test_re_scanner_works_without_native_modules(platform: Running) -> None:
    code = "```{ .python title='x' }\nprint(1)\n```"
    files = {
        "pyproject.toml": project(["markdown==3.10"]),
        "main.py": worker("import markdown", f"markdown.markdown({code!r}, extensions=['fenced_code'])"),
    }

    assert "language-python" in answer(platform, "fenced", files)


def test_sentinels_become_their_own_class(platform: Running) -> None:
    # Without the fix GraalPy fails in the first and the third interpreter of a process.
    for number in range(4):
        files = {
            "pyproject.toml": project(["h11"]),
            "main.py": worker(f"import h11  # {number}", "h11.Connection(h11.CLIENT).our_state"),
        }
        assert answer(platform, "sentinels", files) == "IDLE"


def test_isinstance_works_with_protocols_that_have_data(platform: Running) -> None:
    code = """
from collections.abc import Mapping
from typing_extensions import Protocol, runtime_checkable
@runtime_checkable
class Cup(Protocol):
    size: int
class Tea(Mapping, Cup): ...
"""
    files = {
        "pyproject.toml": project(["typing_extensions"]),
        "main.py": worker(code, "isinstance('tea', Tea) or isinstance(3, Cup)"),
    }

    assert answer(platform, "protocols", files) == "False"


def test_structlog_finds_its_context_variables_by_name(platform: Running) -> None:
    code = "(bind_contextvars(tea='assam'), structlog.get_config()['processors'][0](None, '', {}))[1]"
    files = {
        "pyproject.toml": project(["structlog"]),
        "main.py": worker("import structlog\nfrom structlog.contextvars import bind_contextvars", code),
    }

    assert answer(platform, "named", files) == "{'tea': 'assam'}"


def test_aiohttp_fetches_by_https_through_the_proxy(platform: Running) -> None:
    main = """
import aiohttp
async def handler(event, context):
    async with aiohttp.ClientSession(trust_env=True) as session:
        async with session.get("https://pypi.org/simple/idna/") as answer:
            return answer.status
"""
    files = {
        "pyproject.toml": project(["aiohttp"], '[tool.hearth]\nentry = "main:handler"\n'),
        "main.py": main,
    }

    assert answer(platform, "tunnels", files) == "200"


def test_missing_parts_of_the_standard_library_raise_import_error(platform: Running) -> None:
    imports = """
from xml.parsers.expat import XMLParserType
try:
    import crypt
except ImportError:
    crypt = None
"""
    files = {
        "pyproject.toml": project([]),
        "main.py": worker(imports, "(XMLParserType.__name__, crypt)"),
    }

    assert answer(platform, "optional-parts", files) == "('xmlparser', None)"


def test_replacements_may_escape_marks(platform: Running) -> None:
    code = (
        r"(re.sub('x', r'a\[b\_\\\g<0>\n', 'x'), re.subn(b'x', rb'\[', b'x'), "
        r"re.sub('x', lambda _: r'\[', 'x'))"
    )
    files = {"pyproject.toml": project([]), "main.py": worker("import re", code)}

    expected = (
        re.sub("x", r"a\[b\_\\\g<0>\n", "x"),
        re.subn(b"x", rb"\[", b"x"),
        re.sub("x", lambda _found: r"\[", "x"),
    )
    assert answer(platform, "marks", files) == str(expected)


def test_zoneinfo_has_time_zones(platform: Running) -> None:
    zone = "datetime.datetime(2026, 7, 1, tzinfo=zoneinfo.ZoneInfo('Europe/Berlin')).tzname()"
    files = {"pyproject.toml": project([]), "main.py": worker("import datetime, zoneinfo", zone)}

    assert answer(platform, "zones", files) == "CEST"


def test_werkzeug_hashes_passwords_with_scrypt(platform: Running) -> None:
    known = "hashlib.scrypt(b'tea', salt=b'NaCl', n=1 << 15, r=8, p=1, maxmem=1 << 26).hex()"
    code = "werkzeug.security.check_password_hash(werkzeug.security.generate_password_hash('tea'), 'tea')"
    files = {
        "pyproject.toml": project(["werkzeug"]),
        "main.py": worker("import hashlib, werkzeug.security", f"({code}, {known})"),
    }

    key = hashlib.scrypt(b"tea", salt=b"NaCl", n=1 << 15, r=8, p=1, maxmem=1 << 26).hex()
    assert answer(platform, "passwords", files) == str((True, key))


def test_sample_applications_answer(platform: Running) -> None:
    # A synchronous handler, because the sample applications run in an event loop of their own.
    main = """
import fastapi, flask
from workers._host._rehearsal import rehearse_frameworks
def handler(event, context):
    return rehearse_frameworks()
"""
    files = {
        "pyproject.toml": project(["fastapi", "flask"], '[tool.hearth]\nentry = "main:handler"\n'),
        "main.py": main,
    }

    assert json.loads(answer(platform, "frameworks", files)) == {"asgi": [200, 200, 200], "wsgi": [200, 200]}


def test_missing_native_modules_raise_import_error(platform: Running) -> None:
    main = worker("import getpass\nfrom dateutil import tz", "(tz.gettz('UTC'), callable(getpass.getuser))")
    files = {"pyproject.toml": project(["python-dateutil"]), "main.py": main}

    first = answer(platform, "optional-1", files)
    assert first.endswith("True)")
    # GraalPy raises another exception in the second interpreter of a process.
    assert answer(platform, "optional-2", files) == first
