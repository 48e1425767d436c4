import io
import zipfile
from pathlib import Path

import pytest

from hearth_cli import _archive
from hearth_cli._deploy import function_name
from hearth_cli._errors import HearthError


def project(folder: Path, *names: str) -> Path:
    for name in ("pyproject.toml", *names):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("[project]\nname = 'My_Tea.Shop'\n", encoding="utf-8")
    return folder


def pack(path: Path) -> bytes:
    return _archive.pack(path, lambda _: None)


def names(archive: bytes) -> list[str]:
    return zipfile.ZipFile(io.BytesIO(archive)).namelist()


def told(path: Path) -> list[str]:
    """Return what packing tells the user."""
    sentences: list[str] = []
    _archive.pack(path, sentences.append)
    return sentences


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in ({"pyproject.toml": "[project]\nname = 'x'\n"} | files).items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


def test_leaves_out_what_gitignore_names(tmp_path: Path) -> None:
    project(tmp_path, "src/main.py", "secret.env", ".venv/bin/python", "src/__pycache__/main.pyc")
    (tmp_path / ".gitignore").write_text("*.env\n", encoding="utf-8")

    assert names(pack(tmp_path)) == [".gitignore", "pyproject.toml", "src/main.py"]


def test_packs_the_same_bytes_each_time(tmp_path: Path) -> None:
    project(tmp_path, "main.py")

    assert pack(tmp_path) == pack(tmp_path)


def test_refuses_a_folder_without_pyproject(tmp_path: Path) -> None:
    with pytest.raises(HearthError, match=r"no pyproject\.toml") as raised:
        pack(tmp_path)

    assert "uv init" in raised.value.hint


def test_function_name_is_the_projects_as_a_dns_label(tmp_path: Path) -> None:
    assert function_name(project(tmp_path)) == "my-tea-shop"


def test_function_name_is_that_of_the_deployed_member(tmp_path: Path) -> None:
    file = project(tmp_path) / "pyproject.toml"
    file.write_text(file.read_text() + '[tool.hearth.build]\npackage = "shop_api"\n')

    assert function_name(tmp_path) == "shop-api"


def test_hearthignore_takes_precedence(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            ".gitignore": "*_pb2.py\ndist/\n",
            ".hearthignore": "# generated\n!schema_pb2.py\n!web/dist/**\n*.mp4\n",
            "schema_pb2.py": "",
            "other_pb2.py": "",
            "web/dist/index.html": "",
            "dist/x.whl": "",
            "intro.mp4": "",
        },
    )

    assert names(pack(tmp_path)) == [
        ".gitignore",
        ".hearthignore",
        "pyproject.toml",
        "schema_pb2.py",
        "web/dist/index.html",
    ]


def test_a_folder_may_have_a_gitignore_of_its_own(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            ".gitignore": "*.log\nout/\n",
            "gen/.gitignore": "# all but one\n*\n!schema.py\n!/deep/\n\n!#x\n",
            "gen/schema.py": "",
            "gen/other.py": "",
            "gen/deep/schema.py": "",
            "web[1]/.gitignore": "/dist/\nlocal.py\na/b.py\n!keep.log\n",
            "web[1]/dist/x.js": "",
            "web[1]/src/dist/x.js": "",
            "web[1]/src/local.py": "",
            "web[1]/src/a/b.py": "",
            "web[1]/a/b.py": "",
            "web[1]/keep.log": "",
            "out/.gitignore": "!x.py\n",
            "out/x.py": "",
        },
    )

    assert names(pack(tmp_path)) == [
        ".gitignore",
        "gen/deep/schema.py",
        "gen/schema.py",
        "pyproject.toml",
        "web[1]/.gitignore",
        "web[1]/keep.log",
        "web[1]/src/a/b.py",
        "web[1]/src/dist/x.js",
    ]


def test_names_the_gitignore_that_leaves_out_what_is_used(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"gen/.gitignore": "*\n", "gen/__init__.py": "", "main.py": "import gen", ".hearthignore": "!*.pyi"},
    )

    assert [sentence.split(", which")[0] for sentence in told(tmp_path)] == [
        "gen/.gitignore leaves out gen/__init__.py"
    ]


@pytest.mark.parametrize("pattern", ["schema_pb2.py", "schema_pb2", "*_pb2.py", "**/*_pb2.py"])
def test_keep_reaches_the_upload(tmp_path: Path, pattern: str) -> None:
    write(
        tmp_path,
        {
            "pyproject.toml": f"[project]\nname = 'x'\n[tool.hearth.build]\nkeep = ['{pattern}']\n",
            ".gitignore": "*_pb2.py\n",
            "schema_pb2.py": "",
            "proto/schema_pb2.py": "",
        },
    )

    assert ("schema_pb2.py" in names(pack(tmp_path))) == (pattern != "**/*_pb2.py")
    assert ("proto/schema_pb2.py" in names(pack(tmp_path))) == (pattern == "**/*_pb2.py")


def test_keep_of_a_member_reaches_the_upload_of_its_workspace(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "pyproject.toml": "[tool.uv.workspace]\nmembers = ['packages/*']\n",
            ".gitignore": "dist/\n",
            "packages/shop/pyproject.toml": (
                "[project]\nname = 'shop'\n[tool.hearth.build]\nkeep = ['web/dist/**']\n"
            ),
            "packages/shop/web/dist/index.html": "",
        },
    )

    assert "packages/shop/web/dist/index.html" in names(pack(tmp_path / "packages" / "shop"))


@pytest.mark.parametrize(
    ("code", "path", "named"),
    [
        ("import schema_pb2", "schema_pb2.py", "schema_pb2.py"),
        ("def call():\n  from proto import schema_pb2", "proto/schema_pb2.py", "proto/schema_pb2.py"),
        ("from . import schema_pb2", "schema_pb2.py", "schema_pb2.py"),
        ("import proto", "proto/__init__.py", "proto/__init__.py"),
        ("open('web/dist/index.html')", "web/dist/index.html", "web/dist/index.html"),
        ("HERE / 'web' / 'dist' / 'index.html'", "web/dist/index.html", "web/dist/index.html"),
        ("StaticFiles(directory='web/dist')", "web/dist/index.html", "web/dist"),
        ("Flask(__name__, static_folder='dist')", "dist/index.html", "dist"),
        ("Path('dist')", "dist/index.html", "dist"),
        ("sqlite3.connect('./seed.db')", "seed.db", "seed.db"),
    ],
)
def test_says_what_is_left_out_but_used(tmp_path: Path, code: str, path: str, named: str) -> None:
    write(tmp_path, {".gitignore": "*_pb2.py\n/proto/\ndist/\n*.db\n", "main.py": code, path: ""})

    sentences = told(tmp_path)

    assert len(sentences) == 1
    assert sentences[0].startswith(f".gitignore leaves out {named}, which main.py uses")
    assert f'keep = ["{named}"]' in sentences[0]


def test_says_it_of_code_in_a_package(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            ".gitignore": "_version.py\ntemplates/\n",
            "src/tea/__init__.py": "from ._version import version\nfrom tea import web",
            "src/tea/_version.py": "",
            "src/tea/web.py": "HERE / 'templates' / 'a.html'",
            "src/tea/templates/a.html": "",
        },
    )

    assert [sentence.split(", which")[0] for sentence in told(tmp_path)] == [
        ".gitignore leaves out src/tea/_version.py",
        ".gitignore leaves out src/tea/templates/a.html",
    ]


def test_is_silent_about_what_no_code_uses(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            ".gitignore": "data/\nbuild/\n*.log\n",
            "main.py": "event['data'], 'build', __import__('logging').info('a.b')",
            "data/x.json": "",
            "build/lib/main.py": "",
            "app.log": "",
            ".venv/pyvenv.cfg": "",
            ".venv/lib/a.py": "",
        },
    )

    assert told(tmp_path) == []


def test_a_dotenv_file_is_uploaded_only_if_kept(tmp_path: Path) -> None:
    write(
        tmp_path,
        {".env": "KEY=1", "web/.env.local": "", ".env.example": "", "main.py": "load_dotenv('.env')"},
    )

    assert names(pack(tmp_path)) == [".env.example", "main.py", "pyproject.toml"]
    assert [sentence.split(",")[0] for sentence in told(tmp_path)] == [
        ".env is not uploaded",
        "web/.env.local is not uploaded",
    ]

    write(tmp_path, {"pyproject.toml": "[tool.hearth.build]\nkeep = ['.env', '**']\n"})
    assert ".env" in names(pack(tmp_path))
    assert "web/.env.local" not in names(pack(tmp_path))


def test_linked_folders_are_followed(tmp_path: Path) -> None:
    write(tmp_path, {"shared/common/names.py": "", "app/pyproject.toml": "", "app/lib/a.py": ""})
    (tmp_path / "app" / "common").symlink_to("../shared/common")
    (tmp_path / "app" / "alias").symlink_to("lib")

    assert names(pack(tmp_path / "app")) == ["alias/a.py", "common/names.py", "lib/a.py", "pyproject.toml"]
    assert told(tmp_path / "app") == [
        f"common is a link to {tmp_path}/shared/common, whose files are uploaded"
    ]


def test_a_link_to_a_folder_around_it_is_refused(tmp_path: Path) -> None:
    write(tmp_path, {"web/a.py": ""})
    (tmp_path / "web" / "all").symlink_to("..")

    with pytest.raises(HearthError, match="is a link to a folder that contains it"):
        pack(tmp_path)

    (tmp_path / ".hearthignore").write_text("web/all\n")
    assert names(pack(tmp_path)) == [".hearthignore", "pyproject.toml", "web/a.py"]


@pytest.mark.parametrize(
    "content",
    [
        b"# caf\xe9\n*.bak\n",
        "# café\r\n*.bak\r\n".encode("utf-16"),
        b"\xef\xbb\xbf*.bak\n",
        b"caf\xe9\n*.bak",
    ],
)
def test_ignore_files_may_have_any_encoding(tmp_path: Path, content: bytes) -> None:
    write(tmp_path, {"main.py": "", "old.bak": ""})
    (tmp_path / ".gitignore").write_bytes(content)

    assert names(pack(tmp_path)) == [".gitignore", "main.py", "pyproject.toml"]


def test_a_script_without_a_block_is_refused(tmp_path: Path) -> None:
    script = tmp_path / "main.py"
    script.write_text("app = FastAPI()\n")

    with pytest.raises(HearthError, match=r"main\.py has no `# /// script` block") as raised:
        pack(script)

    assert f"uv init --script {script}" in raised.value.hint
