"""The site: a page for each room, no page left out, nothing that the other pages name missing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import Any

import pytest
import yaml

from ..pages import ROOT
from ..test_architecture import FLOORS

DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))


def pages(node: Any) -> list[str]:
    """The files below a node of the navigation."""
    if isinstance(node, str):
        return [node]
    inside = node.values() if isinstance(node, dict) else node
    return [page for one in inside for page in pages(one)]


def test_every_page_stands_in_the_navigation_once():
    named = pages(yaml.safe_load((ROOT / "mkdocs.yml").read_text())["nav"])
    assert sorted(named) == sorted(str(page.relative_to(DOCS)) for page in PAGES)


def test_the_reference_has_a_page_for_each_room():
    rooms = {room for floor in FLOORS for room in floor}
    assert {page.stem for page in (DOCS / "reference").glob("*.md")} == rooms
    for room in rooms:
        assert f"::: deltalab.{room}\n" in (DOCS / "reference" / f"{room}.md").read_text()


@pytest.mark.parametrize("page", [*PAGES, ROOT / "README.md", ROOT / "CONTRIBUTING.md"], ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text()):
        assert target.startswith("http") or (page.parent / target).exists(), target


def test_every_option_that_the_pages_name_exists():
    """Options of groups in commands, such as experiment=paper_multi; a page's own files count as well."""
    groups = {path.name for path in (ROOT / "conf").iterdir() if path.is_dir()}
    for page in (*PAGES, ROOT / "README.md"):
        text = page.read_text()
        own = set(re.findall(r'title="myconf/([^"]+)\.yaml"', text))
        for line in re.findall(r"^.*python (?:train|search)\.py .*$", text, re.MULTILINE):
            for group, options in re.findall(r"(?<=[\s`])(\w+)=([a-z]\w*(?:[/,]\w+)*)(?=[\s`]|$)", line):
                for option in options.split(",") if group in groups else ():
                    known = (ROOT / "conf" / group / f"{option}.yaml").is_file() or f"{group}/{option}" in own
                    assert known, f"{page.name}: {line}: {group}={option}"


def test_the_experiments_of_the_papers_are_listed():
    listed = set(re.findall(r"paper_\w+", (DOCS / "howto" / "papers.md").read_text()))
    assert listed == {path.stem for path in (ROOT / "conf" / "experiment").glob("paper_*.yaml")}


def test_it_is_built_without_a_warning_and_fetches_nothing(tmp_path):
    words = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path)]
    quiet = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(words, cwd=ROOT, env=quiet, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert 'id="deltalab.delta.lora.Lora"' in (tmp_path / "reference" / "delta.html").read_text()
    for page in tmp_path.rglob("*.html"):
        fetched = re.findall(r"<(?:script|link|img)[^>]*(?:src|href)=\"?(https?://[^\s\">]+)", page.read_text())
        assert not fetched, page
