"""The virtual step foretells the real one, and rates follow their schedule."""

from __future__ import annotations

import pytest
import torch

from deltalab.errors import UserError
from deltalab.schedule import Schedule
from deltalab.search.descent import descend, next_step, rate


@pytest.mark.parametrize("clip", [None, 0.3])
@pytest.mark.parametrize(
    "made",
    [
        lambda p: torch.optim.AdamW(p, lr=0.02, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.1),
        lambda p: torch.optim.SGD(p, lr=0.02),
    ],
)
def test_the_next_step_is_the_one_that_is_taken(made, clip):
    torch.manual_seed(0)
    theta = torch.nn.Parameter(torch.randn(7))
    optimizer = made([theta])
    for _ in range(3):
        gradient = torch.randn(7)
        expected = next_step(optimizer, theta, clip)(theta.detach(), gradient)
        descend(optimizer, theta, gradient.clone(), clip)
        torch.testing.assert_close(theta.detach(), expected)


def test_without_a_gradient_nothing_moves():
    theta = torch.nn.Parameter(torch.ones(2))
    descend(torch.optim.AdamW([theta]), theta, None, None)
    assert theta.tolist() == [1, 1]


@pytest.mark.parametrize(
    "made",
    [
        lambda p: torch.optim.Adagrad(p),
        lambda p: torch.optim.Adam(p),
        lambda p: torch.optim.AdamW(p, amsgrad=True),
        lambda p: torch.optim.SGD(p, momentum=0.9),
        lambda p: torch.optim.SGD(p, weight_decay=0.1),
        lambda p: torch.optim.SGD(p, maximize=True),
        lambda p: torch.optim.AdamW(p, maximize=True),
    ],
)
def test_a_step_that_is_not_known_is_refused_in_one_line(made):
    theta = torch.nn.Parameter(torch.ones(2))
    with pytest.raises(UserError, match=r"^optimizer=\w+: the upper level looks one step of theta ahead.*one_level$"):
        next_step(made([theta]), theta, None)


def test_rates_follow_the_schedule_from_the_rate_of_each_group():
    one, two = (torch.nn.Parameter(torch.ones(1)) for _ in range(2))
    optimizer = torch.optim.SGD([{"params": [one], "lr": 0.1}, {"params": [two], "lr": 2.0}])
    for step in (0, 3, 1):
        rate(optimizer, Schedule("linear"), step, 4)
        assert [group["lr"] for group in optimizer.param_groups] == pytest.approx(
            [0.1 * (4 - step) / 4, (4 - step) / 2]
        )
