"""The page in a browser: it says nothing to the console, sorts, filters, copies, and is readable in its places."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from deltalab.report.page.page import page
from deltalab.report.page.run import read

from .chromium import PROGRAM, Browser, chromium
from .records import job, leave, moved, tuned

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(PROGRAM is None, reason="no chromium on this machine (Debian package chromium)"),
]

EVIL = "<script>document.title='evil'</script><img src=x onerror=\"document.title='evil'\">"
SCORES = {"lora": 0.9, "adapter": 0.55, "prefix": 0.101, "prompt": 0.2}
SHOWN = "[...document.querySelectorAll('.board tbody tr')].filter(r => !r.hidden).map(r => r.cells[1].textContent)"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("page")
    sizes = {"lora": 900, "adapter": 10_000, "prefix": 20, "prompt": 20_000}
    jobs = [job(name, 0, score, size=sizes[name]) for name, score in SCORES.items()]
    jobs[2]["dev"] = None
    records = [tuned(jobs), tuned([job("lora", 0, 0.5)], task=EVIL), moved(98.0, 80.0, 70.0, None)]
    runs = [read(leave(folder / str(i), record, ["task=sst", f"seed={i}"])) for i, record in enumerate(records)]
    (folder / "0" / "csv").mkdir()
    (folder / "0" / "csv" / "metrics.csv").write_text("step,train/loss/lora,train/loss/adapter\n1,2,3\n2,3,1\n3,1,1\n")
    made = folder / "report.html"
    made.write_text(page([read(run.path) for run in runs], made, ["x: damaged"]), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with chromium(tmp_path_factory.mktemp("chromium") / "profile") as browser:
        yield browser


@pytest.fixture
def browser(tab, path):
    """The page, freshly loaded on a desk; at its end it must not have complained of anything."""
    tab.said.clear()
    tab.window(1280, 900)
    tab.open(path)
    yield tab
    assert tab.said == []


def press(browser: Browser, column: str) -> list[str]:
    browser.run(f"[...document.querySelectorAll('.board th button')].find(b => b.textContent === '{column}').click()")
    return [name for name in browser.run(SHOWN) if name in SCORES][:9]


def type_(browser: Browser, words: str) -> list[str]:
    browser.run(f"filter.value = {words!r}; filter.dispatchEvent(new Event('input'))")
    return browser.run(SHOWN)


def test_what_a_record_says_does_not_run(browser):
    assert browser.run("document.title") == "deltalab report"
    assert EVIL in browser.run("document.body.innerText")


def test_the_policy_refuses_what_might_slip_in(browser):
    browser.run(f"document.body.insertAdjacentHTML('beforeend', {EVIL!r})")
    browser.run("document.body.append(Object.assign(document.createElement('script'), {text: 'document.title=1'}))")
    browser.run("new Promise(done => setTimeout(done, 200))")
    assert browser.run("document.title") == "deltalab report"
    assert browser.said, "the browser tells what the policy refused"
    browser.said.clear()


def test_columns_sort_both_ways_with_what_is_missing_last(browser):
    type_(browser, "r1")
    by_score = sorted(SCORES, key=lambda name: -SCORES[name])
    assert press(browser, "method") == sorted(SCORES)
    assert press(browser, "method") == sorted(SCORES)[::-1]
    assert press(browser, "test %") == by_score
    assert press(browser, "test %") == by_score[::-1]
    assert press(browser, "parameters") == ["prompt", "adapter", "lora", "prefix"]
    assert press(browser, "dev %")[-1] == "prefix"
    assert press(browser, "dev %")[-1] == "prefix"
    assert browser.run("[...document.querySelectorAll('[aria-sort]')].length") == 1


def test_words_filter_rows_runs_and_matrices(browser):
    assert type_(browser, "PREFIX sst") == ["prefix"]
    assert browser.run("count.textContent") == "0 of 3 runs"
    assert set(type_(browser, "seed=0")) == set(SCORES)
    assert browser.run("count.textContent") == "1 of 3 runs"
    assert browser.run("document.querySelector('.matrices').closest('section').hidden") is True
    assert type_(browser, "nothing of that kind") == []
    assert len(type_(browser, "")) == 7
    assert browser.run("count.textContent") == "3 runs"


def test_a_task_is_chosen(browser):
    browser.run(f"task.value = {EVIL!r}; task.dispatchEvent(new Event('change'))")
    assert browser.run(SHOWN) == ["lora"]
    assert browser.run("count.textContent") == "1 of 3 runs"


def test_a_seed_leads_to_its_run_and_opens_it(browser):
    type_(browser, "prefix")
    browser.run(
        "[...document.querySelectorAll('.board tbody tr')].find(r => !r.hidden).querySelector('[href^=\"#\"]').click()"
    )
    browser.run("new Promise(done => setTimeout(done, 100))")
    assert browser.run("[r1.open, r1.hidden, r2.open]") == [True, False, False]
    assert browser.run("r1.querySelectorAll('polyline').length") == 2


def test_a_number_leads_to_a_file_that_is_there(browser, path):
    link = browser.run("document.querySelector('.board td a').href")
    assert link in {(path.parent / str(i) / "record.json").as_uri() for i in range(3)}


def test_a_button_copies_the_command(browser):
    browser.run("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    browser.run("r3.querySelector('.copy').click()")
    assert browser.run("window.copied") == "python train.py task=sst seed=2"
    assert browser.run("r3.querySelector('.copy').textContent") == "copied"


def test_the_theme_follows_the_system_until_it_is_switched(browser, path):
    def luminance() -> float:
        found = browser.run("getComputedStyle(document.body).backgroundColor")
        return sum(float(part) for part in found.removeprefix("rgb(").removesuffix(")").split(",")) / 3

    assert luminance() > 200
    browser.window(1280, 900, scheme="dark")
    assert luminance() < 60
    browser.run("theme.click()")
    assert luminance() > 200
    assert browser.run("theme.textContent") == "theme: light"
    browser.window(1280, 900)
    browser.run("theme.click()")
    assert luminance() < 60
    browser.open(path)
    assert luminance() < 60, "the choice is kept"
    browser.run("theme.click()")
    assert browser.run("theme.textContent") == "theme: auto"


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_is_wider_than_the_window(browser, width):
    browser.window(width, 844, phone=width < 700)
    browser.run("document.querySelectorAll('details').forEach(run => { run.open = true; })")
    assert browser.run("document.documentElement.scrollWidth") <= width
    small = "[...document.querySelectorAll('.board td, .chart text')].filter(e => e.getBoundingClientRect().width > 0)"
    assert browser.run(f"Math.min(...{small}.map(e => parseFloat(getComputedStyle(e).fontSize)))") >= 11
