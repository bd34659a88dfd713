"""While a budget falls, steps are taken under the budget of the step, and structures are judged under the last one."""

from __future__ import annotations

import pytest
import torch
from lightning import Callback

from deltalab.search.budget import BudgetSchedule
from deltalab.search.decay import Decay
from deltalab.search.strategy import Shift
from deltalab.search.upper import FiniteDifference, OneLevel

from ..tuning.support import trainer
from .searching import make

FALL, STEPS = 6, 8


class Recorded:
    """A strategy that keeps the budgets it was asked for."""

    def __init__(self):
        self.asked, self.shift = [], Shift()

    def __call__(self, alpha, costs, budget):
        self.asked.append(budget)
        return self.shift(alpha, costs, budget)

    def penalty(self, logits, gate, temperature):
        return None


class Notes(Callback):
    """The budgets of every step, those of every validation, and what was logged there."""

    def __init__(self, asked):
        self.asked, self.steps, self.judged, self.logged = asked, [], [], []

    def on_train_batch_start(self, *_):
        self.asked.clear()

    def on_train_batch_end(self, *_):
        self.steps.append(set(self.asked))

    def on_validation_start(self, *_):
        self.asked.clear()

    def on_validation_end(self, trainer, module):
        self.judged.append(set(self.asked))
        self.logged.append(float(trainer.callback_metrics["search/budget"]))


@pytest.fixture(params=[FiniteDifference(), OneLevel()], ids=["bilevel", "one_level"])
def fallen(request, fresh, task):
    strategy = Recorded()
    schedule = BudgetSchedule(Decay("linear", FALL))
    module, data = make(fresh(), task, request.param, strategy=strategy, budget_schedule=schedule)
    notes = Notes(strategy.asked)
    trainer(max_steps=STEPS, val_check_interval=2, callbacks=[notes]).fit(module, datamodule=data)
    return module, notes


def expected(module, step):
    """By the straight line from everything to a third of it."""
    total = float(module.inclusion.costs.sum())
    return total - (total - total / 3) * min(step, FALL) / FALL


def test_each_step_is_taken_under_its_own_budget(fallen):
    module, notes = fallen
    assert len(notes.steps) == STEPS
    for step, asked in enumerate(notes.steps):
        assert sorted(asked) == pytest.approx([expected(module, step)])


def test_structures_are_judged_under_the_last_budget_from_the_first_on(fallen):
    module, notes = fallen
    assert [sorted(asked) for asked in notes.judged] == [[module.inclusion.budget]] * 4
    assert module.trajectory.steps == [2, 4, 6, 8]
    for p in module.trajectory.p:
        used = float(torch.tensor(p, dtype=torch.float64) @ module.inclusion.costs.double())
        assert used == pytest.approx(module.inclusion.budget, rel=1e-6)
    assert len({tuple(p) for p in module.trajectory.p}) == 4  # alpha moved between all of them


def test_what_is_logged_is_the_budget_of_the_step(fallen):
    module, notes = fallen
    assert notes.logged == pytest.approx([expected(module, step) for step in (2, 4, 6, 8)])
