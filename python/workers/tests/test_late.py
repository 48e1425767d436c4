import json
import pkgutil
import sys
from collections.abc import Iterator
from importlib import import_module, metadata, resources
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
    info = whole / "big_cup-2.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: Big.Cup\nVersion: 2.0\nLicense: MIT\n")
    points = {"pytest11": ["cup = cup:plugin"]}
    cup = {"name": "big-cup", "version": "2.0", "modules": ["cup", "space"], "entryPoints": points}
    (tmp_path / "late.json").write_text(json.dumps([cup]))
    (tmp_path / "late.ready").touch()
    finder = LateFinder(str(whole), print)
    monkeypatch.setattr(sys, "path", [str(left), *sys.path])
    monkeypatch.setattr(sys, "meta_path", [finder, *sys.meta_path])
    yield finder
    for name in [name for name in sys.modules if name.partition(".")[0] in {"tea", "cup", "space"}]:
        del sys.modules[name]


def test_left_out_modules_are_found_late(late: LateFinder, capsys: pytest.CaptureFixture[str]) -> None:
    import_module("tea.a")
    assert late.loaded == []

    import_module("tea.b")
    import_module("cup")

    assert late.loaded == ["tea.b", "cup"]
    said = capsys.readouterr()
    assert "tea.b was loaded late" in said.err
    assert said.out == "tea.b\ncup\n"
    with pytest.raises(ModuleNotFoundError):
        import_module("tea.absent")
    with pytest.raises(ModuleNotFoundError):
        import_module("absent")


def test_a_package_lists_left_out_modules_too(late: LateFinder) -> None:
    package = import_module("tea")

    assert sorted(module.name for module in pkgutil.iter_modules(package.__path__)) == ["a", "b"]
    assert late.loaded == []


def test_a_folder_of_data_can_be_read(late: LateFinder, tmp_path: Path) -> None:
    data = tmp_path / "packages/tea/kinds/assam.txt"
    data.parent.mkdir()
    data.write_text("strong")

    assert resources.files("tea.kinds").joinpath("assam.txt").read_text() == "strong"
    assert late.loaded == []


def test_metadata_of_left_out_packages_is_found(late: LateFinder) -> None:
    assert metadata.version("Big_Cup") == "2.0"
    assert metadata.metadata("big-cup")["License"] == "MIT"
    assert "big-cup" in {found.name for found in metadata.distributions()}
    (point,) = metadata.entry_points(group="pytest11", name="cup")
    assert point.value == "cup:plugin"
    with pytest.raises(metadata.PackageNotFoundError):
        metadata.version("absent")
    assert late.loaded == []


@pytest.mark.usefixtures("late")
def test_known_metadata_is_read_before_the_layers_arrive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "late.ready").unlink()
    monkeypatch.delattr("workers._host._late.time.sleep")

    assert [found.version for found in metadata.distributions() if found.name == "big-cup"] == ["2.0"]
    assert metadata.entry_points(group="pytest11", name="cup")
    with pytest.raises(ModuleNotFoundError):
        import_module("optional_and_absent")
    with pytest.raises(AttributeError):
        import_module("cup")


def test_a_part_of_a_namespace_is_found_late(
    late: LateFinder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "packages" / "space").mkdir()
    (tmp_path / "packages" / "space" / "near.py").touch()
    ready = tmp_path / "late.ready"
    ready.unlink()
    import_module("space.near")

    def arrive(_seconds: float) -> None:
        (tmp_path / "late" / "space").mkdir()
        (tmp_path / "late" / "space" / "far.py").touch()
        ready.touch()

    monkeypatch.setattr("workers._host._late.time.sleep", arrive)
    import_module("space.far")

    assert late.loaded == ["space.far"]
