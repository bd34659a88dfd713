"""Schedules against their closed form."""

from __future__ import annotations

import pytest
import torch
from transformers import get_linear_schedule_with_warmup

from deltalab.errors import UserError
from deltalab.schedule import Schedule


def test_constant_without_warmup_is_one_throughout():
    assert {Schedule("constant").factor(step, 100) for step in range(101)} == {1.0}


def test_warmup_rises_in_equal_steps_and_meets_the_full_rate():
    rise = [Schedule("constant", 0.1).factor(step, 50) for step in range(8)]
    assert rise == pytest.approx([1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6, 1, 1, 1])


def test_linear_falls_in_equal_steps_to_nothing():
    schedule = Schedule("linear", 0.2)
    fall = [schedule.factor(step, 50) for step in range(10, 51)]
    assert fall == pytest.approx([1 - i / 40 for i in range(41)])


def test_linear_is_the_warmup_of_transformers_one_step_ahead():
    """`transformers` begins with a step at rate 0, which teaches nothing."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    theirs = get_linear_schedule_with_warmup(optimizer, 11, 51)
    schedule = Schedule("linear", 0.2)
    for step in range(50):
        optimizer.step()
        theirs.step()
        assert schedule.factor(step, 50) == pytest.approx(theirs.get_last_lr()[0])


@pytest.mark.parametrize("shape", ["constant", "linear"])
@pytest.mark.parametrize("total", [1, 2, 3, 100])
@pytest.mark.parametrize("warmup", [0.0, 0.06, 0.5, 0.99])
def test_every_step_of_a_run_teaches(shape, total, warmup):
    factors = [Schedule(shape, warmup).factor(step, total) for step in range(total)]
    assert all(0 < factor <= 1 for factor in factors)
    assert max(factors) == 1 or warmup > 0.9


def test_past_the_end_nothing_is_left():
    assert Schedule("linear").factor(101, 100) == 0


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"shape": "linaer"},
            r"^shape: unknown shape 'linaer'; did you mean linear\? allowed: constant, linear",
        ),
        ({"warmup": 1.0}, r"^warmup=1\.0: .*below 1"),
        ({"warmup": -0.1}, r"^warmup=-0\.1: .*at least 0"),
    ],
)
def test_a_wrong_value_is_refused(settings, message):
    with pytest.raises(UserError, match=message):
        Schedule(**settings)
