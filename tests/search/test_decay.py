"""Decays against their closed form."""

from __future__ import annotations

import pytest

from deltalab.errors import UserError
from deltalab.search.decay import Decay


def test_a_constant_decay_is_at_its_end():
    assert [Decay().between(9.0, 2.0, step) for step in (0, 1, 100)] == [2, 2, 2]


def test_linear_falls_by_equal_differences():
    values = [Decay("linear", 4).between(10.0, 2.0, step) for step in range(6)]
    assert values == pytest.approx([10, 8, 6, 4, 2, 2])


def test_exponential_falls_by_equal_ratios():
    values = [Decay("exponential", 3).between(8.0, 1.0, step) for step in range(5)]
    assert values == pytest.approx([8, 4, 2, 1, 1])


def test_a_decay_may_rise():
    assert Decay("linear", 2).between(1.0, 3.0, 1) == pytest.approx(2)


@pytest.mark.parametrize(
    ("shape", "steps", "message"),
    [
        ("lineal", 3, r"^shape: unknown shape 'lineal'; did you mean linear"),
        ("linear", 0, r"^steps=0: a linear decay takes at least 1 step$"),
        ("constant", -1, r"^steps=-1: .*at least"),
    ],
)
def test_mistakes_are_one_line(shape, steps, message):
    with pytest.raises(UserError, match=message):
        Decay(shape, steps)
