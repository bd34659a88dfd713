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


@pytest.mark.parametrize(("share", "total", "steps"), [(0.75, 200, 150), (1.0, 40, 40), (0.5, 5, 2), (0.1, 3, 1)])
def test_a_share_is_so_many_steps_of_a_search(share, total, steps):
    assert Decay("linear", share).over(total) == Decay("linear", steps)
    assert isinstance(Decay("linear", share).over(total).steps, int)


def test_a_number_of_steps_is_that_of_any_search():
    assert Decay("linear", 1).over(200) == Decay("linear", 1)


def test_a_share_begins_at_the_start_and_goes_on_once_the_search_is_known():
    assert Decay("linear", 0.5).between(10.0, 2.0, 0) == 10
    with pytest.raises(ValueError, match="of unknown length"):
        Decay("linear", 0.5).between(10.0, 2.0, 1)


@pytest.mark.parametrize(
    ("shape", "steps", "message"),
    [
        ("lineal", 3, r"^shape: unknown shape 'lineal'; did you mean linear"),
        ("linear", 0, r"^steps=0: shape=linear takes at least 1 step$"),
        ("constant", -1, r"^steps=-1: .*at least"),
        ("linear", 1.5, r"^steps=1\.5: a share of the search is above 0 and at most 1\.0$"),
        ("linear", 0.0, r"^steps=0\.0: a share of the search is above 0"),
    ],
)
def test_mistakes_are_one_line(shape, steps, message):
    with pytest.raises(UserError, match=message):
        Decay(shape, steps)
