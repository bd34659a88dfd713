"""Rounds are alternated, paired and summarised as stated."""

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
    assert timings.seconds("a") == Spread(4.0, 2.0, 30.0, rounds=3)


def test_a_long_comparison_ends_after_three_rounds():
    timings = alternate({"a": lambda: None}, Settings(repeats=9, limit=0.0))
    assert timings.seconds("a").rounds == 3
