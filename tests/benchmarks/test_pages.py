"""Tables of the documentation are written from the kept results, and nothing beside them changes."""

from __future__ import annotations

import re
import shutil

import pytest

from benchmarks import pages
from benchmarks.pages import PAGES, RESULTS, filled, main, tables
from deltalab.errors import UserError

KEPT = sorted(path for path in RESULTS.glob("*.json") if path.stem != "demo")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_pages_are_as_they_would_be_written(page):
    assert filled(page.read_text()) == page.read_text()


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_every_table_has_one_place(path):
    text = "".join(page.read_text() for page in PAGES)
    places = re.findall(rf"<!-- {path.stem} (\d+) -->", text)
    assert sorted(map(int, places)) == list(range(len(tables(path))))


def test_a_stale_or_missing_table_is_replaced_and_the_rest_stays():
    wanted = tables(RESULTS / "suite_random.json")[0]
    page = "before | it\n\n<!-- suite_random 0 -->\n\n| old |\n|---|\n| 0 |\n\nbehind\n\n<!-- suite_random 0 -->\n"
    place = f"<!-- suite_random 0 -->\n\n{wanted}"
    assert filled(page) == f"before | it\n\n{place}\nbehind\n\n{place}"


def test_text_behind_a_table_is_no_row_of_it():
    (text,) = {filled(f"<!-- suite_random 0 -->\n{gap}behind\n") for gap in ("", "\n", "\n| old |\n\n\n")}
    assert text.endswith("|\n\nbehind\n")


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("<!-- suite_none 0 -->", "suite_none.json: no such file"),
        ("<!-- suite_random 7 -->", "suite_random.json has 1 tables"),
        ("<!-- demo 0 -->", "unknown kind of results 'demo'"),
    ],
)
def test_a_place_without_a_table_is_named(place, told):
    with pytest.raises(UserError, match=re.escape(told)):
        filled(f"{place}\n")


def test_the_program_writes_all_pages_or_none(tmp_path, monkeypatch, capsys):
    for page in PAGES:
        shutil.copy(page, tmp_path / page.name)
    own = tuple(tmp_path / page.name for page in PAGES)
    monkeypatch.setattr(pages, "PAGES", own)
    own[0].write_text(re.sub(r"(?m)^\|.*\n", "", own[0].read_text()))
    whole = own[1].read_text()
    own[1].write_text(f"{whole}\n<!-- suite_none 0 -->\n")
    before = [page.read_text() for page in own]
    assert main([]) == 2
    assert "suite_none.json" in capsys.readouterr().err
    assert [page.read_text() for page in own] == before
    own[1].write_text(whole)
    assert main([]) == 0
    assert [page.read_text() for page in own] == [page.read_text() for page in PAGES]
