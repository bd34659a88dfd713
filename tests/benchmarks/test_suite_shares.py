"""How far the suite is from full fine-tuning, against numbers worked out by hand."""

from __future__ import annotations

from benchmarks.suite_shares import deltas_in, shares


def task(majority, bag, **scores):
    runs = {delta: [{"test": value} for value in values] for delta, values in scores.items()}
    return {"majority": majority, "bag": bag, "runs": runs}


FOUND = {
    "tasks": {
        "learnt": task(0.5, 0.6, full=[0.8, 1.0], lora=[0.7, 0.8]),  # 0.9 and 0.75: 83.3 of it, 62.5 of its gain
        "rating": task(0.0, None, full=[0.4], lora=[0.1]),  # no bag of words; 25.0 and 25.0
        "hard": task(0.5, 0.55, full=[0.5], lora=[0.56]),  # nothing gained; 112.0
        "worse": task(0.0, 0.1, full=[-0.1], lora=[0.05]),  # a correlation below 0 is nothing to be reached
    }
}


def test_what_is_compared_on_which_tasks():
    rows = shares(FOUND, ["full", "lora"]).splitlines()
    assert rows[0] == "| | full | lora |"
    assert rows[2:] == [
        "| above the bag of words, of 3 tasks | 1 | 2 |",
        "| of the score of full, mean of 3 tasks | 100.0 | 73.4 |",
        "| of the gain of full, mean of 2 tasks | 100.0 | 43.8 |",
    ]


def test_a_delta_without_runs_somewhere_has_no_mean():
    assert shares(FOUND, ["prefix"]).splitlines()[2:] == [
        "| above the bag of words, of 3 tasks | 0 |",
        "| of the score of full, mean of 3 tasks |  |",
        "| of the gain of full, mean of 2 tasks |  |",
    ]


def test_only_deltas_with_runs_have_columns():
    assert deltas_in(FOUND, ["frozen", "full", "lora"]) == ["full", "lora"]
