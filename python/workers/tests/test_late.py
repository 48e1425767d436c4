import pkgutil
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from workers._host._late import LateFinder


@pytest.fixture
def late(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LateFinder]:
    left, whole = tmp_path / "packages", tmp_path / "late"
    for folder, files in ((left, ["tea/__init__.py", "tea/a.py"]), (whole, ["tea/b.py", "cup.py"])):
        for name in files:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text("")
    (tmp_path / "late.ready").touch()
    finder = LateFinder(str(whole))
    monkeypatch.setattr(sys, "path", [str(left), *sys.path])
    monkeypatch.setattr(sys, "meta_path", [finder, *sys.meta_path])
    yield finder
    for name in [name for name in sys.modules if name.partition(".")[0] in {"tea", "cup"}]:
        del sys.modules[name]


def test_what_was_left_out_is_found_late(late: LateFinder, capsys: pytest.CaptureFixture[str]) -> None:
    import_module("tea.a")
    assert late.loaded == []

    import_module("tea.b")
    import_module("cup")

    assert late.loaded == ["tea.b", "cup"]
    assert "tea.b was loaded late" in capsys.readouterr().err
    with pytest.raises(ModuleNotFoundError):
        import_module("tea.absent")
    with pytest.raises(ModuleNotFoundError):
        import_module("absent")


def test_a_package_lists_what_was_left_out_too(late: LateFinder) -> None:
    package = import_module("tea")

    assert sorted(module.name for module in pkgutil.iter_modules(package.__path__)) == ["a", "b"]
    assert late.loaded == []
