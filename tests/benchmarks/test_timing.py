"""Rounds are alternated, paired and summarised as stated."""

import gc
import time

import pytest

from benchmarks.settings import Settings
from benchmarks.timing import Spread, Timings, alternate


def test_works_take_turns_and_every_other_round_runs_backwards():
    calls = []
    works = {name: lambda name=name: calls.append(name) for name in "abc"}
    timings = alternate(works, Settings(repeats=3))
    assert "".join(calls) == "abc" + "abc" + "cba" + "abc"
    assert {name: len(seconds) for name, seconds in timings.rounds.items()} == {"a": 3, "b": 3, "c": 3}


def test_ratios_are_taken_round_by_round():
    timings = Timings({"a": [2.0, 30.0, 4.0], "b": [1.0, 10.0, 1.0]})
    assert timings.ratio("a", "b") == Spread(3.0, 2.0, 4.0, rounds=3)
    assert timings.seconds() == {"a": 4.0, "b": 1.0}
    assert timings.parts("b") == {"b s": 1.0}


def test_without_a_round_there_is_no_ratio():
    timings = Timings({"a": [], "b": []})
    assert timings.ratio("a", "b") is None
    assert timings.parts("a", "b") == {}


@pytest.mark.parametrize(("stuck", "rounds"), [(1, 0), (2, 1), (3, 1), (4, 2)])  # the first one counts only alone
def test_a_comparison_ends_within_its_limit_and_keeps_whole_rounds(stuck, rounds, monkeypatch):
    monkeypatch.setattr(gc, "collect", lambda: None)
    calls = []

    def work():
        calls.append(0)
        time.sleep(20 * (len(calls) == stuck))

    start = time.perf_counter()
    timings = alternate({"a": lambda: None, "b": work}, Settings(repeats=9, limit=0.2))
    assert 0.2 <= time.perf_counter() - start < 10
    assert {len(seconds) for seconds in timings.rounds.values()} == {rounds}
    assert len(calls) == stuck


def test_the_collector_is_back_after_a_limit():
    timings = alternate({"a": lambda: time.sleep(0.3)}, Settings(repeats=9, limit=1.0))
    assert len(timings.rounds["a"]) < 9
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_alarm_that_rings_unheard_ends_the_comparison_after_the_call(monkeypatch):
    monkeypatch.setattr(gc, "collect", lambda: None)

    class Deaf:
        def __del__(self):
            time.sleep(1)  # what is raised here is lost

    def work():
        thing = Deaf()
        del thing

    timings = alternate({"a": work}, Settings(repeats=9, limit=0.5))
    assert len(timings.rounds["a"]) == 1
