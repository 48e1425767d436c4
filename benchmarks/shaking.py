"""Measures how exactly builds follow imports: programs of twenty public packages are built and run from their layers.

For each program: the modules that it loads although the build left them out (late modules), whether it works without
these, and the bytes of the artifact in relation to those of the files that the run opens.
Run it with `benchmarks/shaking`; it prints one JSON document.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROGRAMS = {
    "flask": "from flask import Flask\napp = Flask('x')\n@app.get('/')\ndef i(): return 'x'\ndef go(): assert app.test_client().get('/').text == 'x'",
    "django<6": "import django\nfrom django.conf import settings\nsettings.configure(INSTALLED_APPS=['django.contrib.contenttypes', 'django.contrib.auth'], ROOT_URLCONF='main', SECRET_KEY='x', ALLOWED_HOSTS=['*'], DATABASES={})\nfrom django.http import HttpResponse\nfrom django.urls import path\nurlpatterns = [path('', lambda r: HttpResponse('x'))]\ndef go():\n    django.setup()\n    from django.test import RequestFactory\n    from django.core.handlers.wsgi import WSGIHandler\n    assert WSGIHandler().get_response(RequestFactory().get('/')).content == b'x'",
    "starlette httpx": "from starlette.applications import Starlette\nfrom starlette.responses import PlainTextResponse\nfrom starlette.routing import Route\nimport httpx, asyncio\napp = Starlette(routes=[Route('/', lambda r: PlainTextResponse('x'))])\nasync def get():\n    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url='http://x') as c: return (await c.get('/')).text\ndef go(): assert asyncio.run(get()) == 'x'",
    "bottle": "import bottle\n@bottle.route('/')\ndef i(): return 'x'\ndef go(): assert bottle.default_app().match({'PATH_INFO': '/', 'REQUEST_METHOD': 'GET'})",
    "requests": "import requests\ndef go(): assert requests.Request('GET', 'http://x/', params={'a': 1}).prepare().url.endswith('?a=1')",
    "jinja2": "import jinja2\ndef go(): assert jinja2.Template('{{ a }}').render(a=1) == '1'",
    "pyyaml": "import yaml\ndef go(): assert yaml.safe_load('a: [1]') == {'a': [1]}",
    "sqlalchemy": "import sqlalchemy as s\ndef go():\n    with s.create_engine('sqlite://').connect() as c: assert c.execute(s.text('select 1')).scalar() == 1",
    "click": "import click\nfrom click.testing import CliRunner\n@click.command()\ndef hi(): click.echo('x')\ndef go(): assert CliRunner().invoke(hi).output == 'x\\n'",
    "rich": "from rich.console import Console\nfrom rich.table import Table\ndef go():\n    t = Table('a'); t.add_row('1'); Console(file=open('/dev/null', 'w')).print(t)",
    "docutils": "from docutils.core import publish_string\ndef go(): assert b'<em>' in publish_string('*x*', writer_name='html')",
    "markdown": "import markdown\ndef go(): assert '<table>' in markdown.markdown('|a|\\n|-|\\n|b|', extensions=['tables'])",
    "pygments": "from pygments import highlight\nfrom pygments.lexers import get_lexer_by_name\nfrom pygments.formatters import HtmlFormatter\ndef go(): assert 'span' in highlight('x = 1', get_lexer_by_name('python'), HtmlFormatter())",
    "marshmallow": "from marshmallow import Schema, fields\nclass S(Schema):\n    a = fields.Int()\ndef go(): assert S().load({'a': '1'}) == {'a': 1}",
    "attrs": "import attrs\n@attrs.define\nclass A:\n    x: int\ndef go(): assert A(1).x == 1",
    "beautifulsoup4": "from bs4 import BeautifulSoup\ndef go(): assert BeautifulSoup('<p>x</p>', 'html.parser').p.text == 'x'",
    "boto3": "import boto3\ndef go(): assert boto3.client('s3', region_name='eu-west-1', aws_access_key_id='x', aws_secret_access_key='y').generate_presigned_url('get_object', Params={'Bucket': 'b', 'Key': 'k'})",
    "networkx": "import networkx as nx\ndef go(): assert nx.shortest_path(nx.path_graph(3), 0, 2) == [0, 1, 2]",
    "babel": "from babel.numbers import format_decimal\ndef go(): assert format_decimal(1234.5, locale='de') == '1.234,5'",
    "pyjwt": "import jwt\ndef go(): assert jwt.decode(jwt.encode({'a': 1}, 'k' * 32), 'k' * 32, algorithms=['HS256']) == {'a': 1}",
}
RUN = """
import json, os, sys
root, late = sys.argv[1:3]
opened = set()
def look(event, arguments):
    if event == "open" and isinstance(arguments[0], str) and arguments[0].startswith(root): opened.add(arguments[0])
sys.addaudithook(look)
sys.path[0:0] = [root]
import main
main.go()
files = {str(getattr(m, "__file__", None)) for m in sys.modules.values()}
paths = (os.path.relpath(f, root) for f in files if f.startswith(root))
names = (p.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for p in paths if p.endswith(".py"))
loaded = sorted(n for n in names if n != "main")
print(json.dumps([loaded, sum(os.path.getsize(p) for p in opened if os.path.exists(p))]))
"""


def measure(packages: str, program: str, scratch: Path) -> dict[str, object]:
    """Build a program; run it with everything, and with only what the build left in."""
    source = scratch / "source"
    source.mkdir(parents=True)
    (source / "main.py").write_text(program + "\ndef handler(event, context): return go()\n")
    listed = json.dumps(packages.split())
    (source / "pyproject.toml").write_text(
        f'[project]\nname = "x"\nversion = "1"\nrequires-python = ">=3.12"\ndependencies = {listed}\n[tool.hearth]\nentry = "main:handler"\n'
    )
    built = subprocess.run(
        [str(ROOT / "hearth"), "build", str(source), "--out", str(scratch / "out"), "--json"], capture_output=True, text=True
    )
    if built.returncode != 0:
        return {"failed": built.stderr[-600:]}
    report = json.loads(built.stdout)
    left_out = {module for package in report["packages"] for module in package["leftOut"]}
    unreached = {package["name"] for package in report["packages"] if not package["reached"]}
    whole, left = scratch / "whole", scratch / "left"
    for package in report["packages"]:
        layer = zipfile.ZipFile(scratch / "out" / "blobs" / "sha256" / package["layer"][7:])
        layer.extractall(whole)
        for name in layer.namelist():
            module = name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            if package["name"] not in unreached and not (name.endswith(".py") and module in left_out):
                layer.extract(name, left)
    for folder in (whole, left):
        (folder / "main.py").write_text(program)

    def run(folder: Path) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.run(
            [sys.executable, "-S", "-c", RUN, str(folder), ""], capture_output=True, text=True, env=environment, cwd=scratch
        )

    everything, only = run(whole), run(left)
    if everything.returncode != 0:
        return {"failed": everything.stderr[-600:]}
    loaded, traced = json.loads(everything.stdout)
    reached = {module for package in report["packages"] for module in package["modules"]}
    late = [module for module in loaded if module not in reached]
    return {
        "modules": len(loaded),
        "late": late,
        "worksWithoutLate": only.returncode == 0,
        "artifactKiB": report["sizes"]["artifact"] // 1024,
        "prunedKiB": report["sizes"]["pruned"] // 1024,
        "tracedKiB": traced // 1024,
        "ratioToTraced": round(report["sizes"]["artifact"] / traced, 2),
    }


def main() -> None:
    """Measure all programs."""
    results: dict[str, dict[str, object]] = {}
    with tempfile.TemporaryDirectory(prefix="hearth-bench-") as folder:
        for index, (packages, program) in enumerate(PROGRAMS.items()):
            results[packages] = measure(packages, program, Path(folder) / str(index))
            print(packages, results[packages], file=sys.stderr)
    done = [result for result in results.values() if "failed" not in result]
    modules = sum(int(str(result["modules"])) for result in done)
    late = sum(len(result["late"]) for result in done)  # type: ignore[arg-type]
    summary = {
        "programs": len(done),
        "modulesLoaded": modules,
        "late": late,
        "latePercent": round(100 * late / modules, 2),
        "worksWithoutLate": sum(bool(result["worksWithoutLate"]) for result in done),
    }
    json.dump({"summary": summary, "programs": results}, sys.stdout, indent=2)
    print()


main()
