"""Dev selects, and nothing that is no number."""

from __future__ import annotations

import math
from itertools import permutations

import pytest

from deltalab.report.best import best_on_dev

JOBS = [("a", 0.3, 0), ("b", None, 1), ("a", 0.5, 2), ("b", math.nan, 3), ("a", 0.5, 4), ("b", 0.1, 5), ("c", None, 6)]


def chosen(jobs):
    return best_on_dev(jobs, alike=lambda job: job[0], dev=lambda job: job[1])


def test_the_first_of_the_best_of_each():
    assert [job[2] for job in chosen(JOBS)] == [2, 5, 6]


@pytest.mark.parametrize("order", list(permutations(JOBS[:4] + JOBS[5:6])))
def test_whatever_the_order(order):
    assert {job[0]: job[2] for job in chosen(order)} == {"a": 2, "b": 5}


def test_without_jobs():
    assert chosen([]) == []
