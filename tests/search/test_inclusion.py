"""Probabilities, gates and budgets over the steps of a search."""

from __future__ import annotations

import pytest
import torch

from deltalab.errors import UserError
from deltalab.search.budget import BudgetSchedule
from deltalab.search.decay import Decay
from deltalab.search.gate import Gate, Temperature
from deltalab.search.inclusion import Inclusion
from deltalab.search.strategy import L0, Shift, TauTheta

COSTS = torch.tensor([4, 9, 2, 5])


def inclusion(strategy=None, gate=None, budget=8.0, costs=COSTS, schedule=None, temperature=None):
    schedule, temperature = schedule or BudgetSchedule(), temperature or Temperature()
    return Inclusion(strategy or Shift(), gate or Gate(), temperature, schedule, budget, costs)


@pytest.mark.parametrize("strategy", [Shift(), Shift(beta=0.5, gradient="published"), TauTheta()])
def test_p_meets_the_budget_of_every_step(strategy):
    made = inclusion(strategy, schedule=BudgetSchedule(Decay("linear", 10)))
    alpha = torch.tensor([0.3, -1.0, 2.0, 0.0])
    for step, budget in ((1, 18.8), (5, 14.0), (10, 8.0), (11, 8.0)):
        assert made.budget_at(step) == pytest.approx(budget)
        assert float((made.log_odds(alpha, step).sigmoid() * COSTS).sum()) == pytest.approx(budget, rel=1e-6)


def test_at_last_p_meets_the_budget_whatever_the_step():
    made = inclusion(schedule=BudgetSchedule(Decay("linear", 10)))
    alpha = torch.tensor([0.3, -1.0, 2.0, 0.0])
    assert torch.equal(made.last(alpha), made.log_odds(alpha, 10))
    assert float((made.last(alpha).sigmoid() * COSTS).sum()) == pytest.approx(8.0, rel=1e-6)


def test_before_the_decay_every_unit_takes_part():
    made = inclusion(schedule=BudgetSchedule(Decay("linear", 10)))
    alpha = torch.zeros(4, requires_grad=True)
    z = made.sample(made.log_odds(alpha, 0), 0, torch.Generator().manual_seed(0))
    assert z.tolist() == [1.0] * 4
    assert torch.autograd.grad(z.sum(), alpha)[0].tolist() == [0.0] * 4


@pytest.mark.parametrize(
    ("strategy", "decay", "moves", "still"),
    [
        (Shift(), Decay(), range(1), False),
        (Shift(), Decay(), range(3, 3), True),
        (Shift(), Decay("linear", 4), range(1), True),
        (TauTheta(), Decay("linear", 4), range(0, 6, 6), True),
        (Shift(), Decay("linear", 4), range(0, 7, 6), False),
        (L0(), Decay("linear", 4), range(1), False),
    ],
)
def test_a_search_in_which_p_would_not_change_is_refused(strategy, decay, moves, still):
    gate = Gate(low=-0.1, high=1.1) if isinstance(strategy, L0) else None
    made = inclusion(strategy, gate, schedule=BudgetSchedule(decay))
    if not still:
        return made.refuse_still(moves)
    with pytest.raises(UserError, match=rf"^search.max_steps={moves.stop}: alpha never moves, .* give more steps$"):
        made.refuse_still(moves)


def test_l0_has_no_budget_but_a_penalty():
    gate = Gate(low=-0.1, high=1.1)
    made = inclusion(L0(0.5, beta=2.0), gate, temperature=Temperature(0.7))
    logits = made.log_odds(torch.tensor([2.0, 0.0, -4.0, 1.0]), 0)
    assert logits.tolist() == [1.0, 0.0, -2.0, 0.5]
    expected = sum(1 / (1 + torch.exp(-(x - 0.7 * torch.tensor(1 / 11.0).log()))) for x in logits) * 0.5
    assert float(made.penalty(logits, 0)) == pytest.approx(float(expected))
    assert inclusion().penalty(logits, 0) is None
    assert inclusion(TauTheta()).penalty(logits, 0) is None


@pytest.mark.parametrize(
    ("strategy", "gate", "shown"),
    [
        (Shift(), Gate(), {"search/temperature": 0.7, "search/budget": 14.0}),
        (Shift(), Gate("soft"), {"search/budget": 14.0}),
        (L0(), Gate(low=-0.1, high=1.1), {"search/temperature": 0.7}),
    ],
    ids=["all", "soft", "l0"],
)
def test_curves_show_what_something_looks_at(strategy, gate, shown):
    made = inclusion(strategy, gate, schedule=BudgetSchedule(Decay("linear", 10)), temperature=Temperature(0.7))
    assert made.moved(5) == pytest.approx(shown)


def test_gates_sharpen_as_the_temperature_falls():
    made = inclusion(temperature=Temperature(0.01, 5.0, Decay("linear", 4)))
    logits = torch.zeros(500, dtype=torch.float64)
    warm, cold = (made.sample(logits, step, torch.Generator().manual_seed(0)) for step in (0, 4))
    assert warm.dtype == torch.float32
    assert (warm - 0.5).abs().mean() < 0.2 < 0.45 < (cold - 0.5).abs().mean()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"costs": torch.zeros(0)}, r"search_space: has no units to choose from"),
        ({"budget": 20.0}, r"search\.budget=20: does not bind, all units together cost 20"),
        ({"budget": 1.5}, r"search\.budget=1\.5: no unit fits, the cheapest costs 2"),
        ({"budget": -1.0}, r"search\.budget=-1\.0: above 0"),
        ({"strategy": Shift(gradient="none")}, r"strategy\.gradient: unknown gradient 'none'"),
        ({"strategy": Shift(beta=0.0)}, r"strategy\.beta=0\.0: a number above 0"),
        ({"strategy": L0()}, r"gate\.low=0\.0: an L0 penalty needs gates that reach 0"),
    ],
)
def test_mistakes_show_at_once(given, message):
    with pytest.raises(UserError, match=rf"^{message}"):
        inclusion(**given)


def test_a_negative_penalty_is_refused():
    with pytest.raises(UserError, match=r"^strategy\.weight=-1: a number, at least 0"):
        L0(-1)
