"""Links and structure of the documentation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PAGES = sorted(
    {
        page
        for pattern in ("*.md", "docs/**/*.md", "*/README.md", "python/*/README.md")
        for page in ROOT.glob(pattern)
        if ".hearth" not in page.parts
    }
)
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files(page: Path) -> None:
    absent = [link for link in LINK.findall(page.read_text()) if not (page.parent / link).exists()]

    assert not absent


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) <= 150


def test_each_module_has_a_readme() -> None:
    modules = [pom.parent for pom in ROOT.glob("*/pom.xml")]

    assert not [module.name for module in modules if not (module / "README.md").exists()]
