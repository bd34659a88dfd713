"""The L0 penalty against sampled gates and the published formula."""

from __future__ import annotations

import pytest
import torch

from deltalab.errors import UserError
from deltalab.search.gate import Gate, logistic_noise
from deltalab.search.l0 import l0, l0_penalty

ALPHA = torch.tensor([-3.0, -1.0, 0.0, 2.0])
HARD = Gate("concrete", low=-0.1, high=1.1)


def test_the_log_odds_are_alpha_over_beta():
    torch.testing.assert_close(l0(ALPHA, 0.5).sigmoid(), torch.sigmoid(ALPHA.double() / 0.5))


@pytest.mark.parametrize("temperature", [0.3, 1.0, 2.0])
def test_the_penalty_counts_the_gates_that_are_open_on_average(temperature):
    logits = l0(ALPHA)
    noise = logistic_noise(4 * 40_000, torch.Generator().manual_seed(0)).view(-1, 4)
    open_ = (HARD(logits, noise, temperature) > 0).double()
    costs = torch.tensor([1, 20, 300, 4000])
    assert float(l0_penalty(logits, HARD, temperature)) == pytest.approx(float(open_.sum(1).mean()), rel=0.01)
    assert float(l0_penalty(logits, HARD, temperature, costs)) == pytest.approx(
        float((open_ * costs).sum(1).mean()), rel=0.01
    )


def test_at_temperature_1_it_is_the_published_penalty():
    expected = torch.sigmoid(ALPHA.double() - torch.log(torch.tensor(0.1 / 1.1, dtype=torch.float64))).sum()
    torch.testing.assert_close(l0_penalty(l0(ALPHA), HARD), expected)


def test_gates_that_never_close_have_no_penalty():
    with pytest.raises(UserError, match=r"^gate\.low=0\.0: an L0 penalty needs gates that reach 0"):
        l0_penalty(l0(ALPHA), Gate("concrete"))


def test_beta_is_positive():
    with pytest.raises(UserError, match=r"^strategy\.beta=0\.0: a number above 0$"):
        l0(ALPHA, 0.0)
