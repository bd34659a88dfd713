"""Cells by hand."""

from __future__ import annotations

from benchmarks.cells import mean_of_tasks, over_seeds


def test_over_seeds():
    assert over_seeds([]) == ""
    assert over_seeds([0.5]) == "50.0"
    assert over_seeds([0.5, 0.7]) == "60.0 ± 14.1"  # sqrt(2 * 0.1^2)
    assert over_seeds([90.0, 110.0], scale=1.0) == "100.0 ± 14.1"


def test_the_mean_weighs_tasks_alike():
    assert mean_of_tasks([[0.2, 0.4], [0.9]]) == "60.0"
    assert mean_of_tasks([[0.2], []]) == ""
    assert mean_of_tasks([]) == ""
