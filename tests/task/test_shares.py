"""Shares of tasks by hand."""

from __future__ import annotations

import math

import pytest

from deltalab.errors import UserError
from deltalab.task.shares import shares


@pytest.mark.parametrize(
    ("mixing", "expected"),
    [
        ("equal", [1 / 3, 1 / 3, 1 / 3]),
        ("proportional", [100 / 1000, 400 / 1000, 500 / 1000]),
        (1, [0.1, 0.4, 0.5]),
        (2.0, [10 / (30 + math.sqrt(500)), 20 / (30 + math.sqrt(500)), math.sqrt(500) / (30 + math.sqrt(500))]),
    ],
)
def test_shares(mixing: str | float, expected: list[float]):
    assert shares([100, 400, 500], mixing) == pytest.approx(expected)


def test_a_high_temperature_comes_near_equal():
    assert shares([1, 1_000_000], 1e6) == pytest.approx([0.5, 0.5], abs=1e-4)


@pytest.mark.parametrize("mixing", ["even", 0, -1.0, True, math.nan])
def test_mistakes(mixing: object):
    with pytest.raises(UserError, match=rf"^tasks: '{mixing}' is not allowed; allowed: equal, proportional, or a temp"):
        shares([1, 2], mixing)
