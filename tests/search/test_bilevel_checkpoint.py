"""A search repeats, and goes on from any of its checkpoints, to the bit."""

from __future__ import annotations

import pytest
import torch

from deltalab.search.budget import BudgetSchedule
from deltalab.search.decay import Decay
from deltalab.search.gate import Temperature
from deltalab.search.upper import FiniteDifference, OneLevel

from ..tuning.support import trainer
from .searching import make

STEPS = 8  # five batches an epoch in halves, ten in one level
FALLING = {
    "temperature": Temperature(0.5, 2.0, Decay("linear", 6)),
    "budget_schedule": BudgetSchedule(Decay("exponential", 4)),
}


def fit(backbone, task, hypergradient, folder=None, resume=None, seed=0, epochs=None, **settings):
    module, data = make(backbone, task, hypergradient, seed, every=2, warmup=1, **FALLING | settings)
    length = {"max_steps": STEPS} if epochs is None else {"max_steps": -1, "max_epochs": epochs}
    trainer(folder, val_check_interval=2, **length).fit(module, datamodule=data, ckpt_path=resume)
    return module


def same(one, other):
    return (
        torch.equal(one.theta, other.theta)
        and torch.equal(one.alpha, other.alpha)
        and one.trajectory == other.trajectory
        and one.steps == other.steps
    )


@pytest.mark.parametrize("hypergradient", [FiniteDifference(), OneLevel()], ids=["bilevel", "one_level"])
def test_an_interrupted_search_ends_in_the_same_structure(fresh, task, tmp_path, hypergradient):
    """With dropout, whatever the global generator does, and with an accumulated batch."""
    backbone = fresh(dropout=0.1)
    through = fit(backbone, task, hypergradient, tmp_path, accumulate=2)
    assert through.trajectory.steps == [2, 4, 6, 8]
    for step in (4, 6):
        torch.manual_seed(step)
        again = fit(backbone, task, hypergradient, resume=tmp_path / f"step={step}.ckpt", accumulate=2)
        assert same(again, through)
        assert again.chosen == through.chosen


@pytest.mark.parametrize(
    ("hypergradient", "epochs"), [(FiniteDifference(), 2), (OneLevel(), 1)], ids=["bilevel", "one_level"]
)
def test_a_search_given_in_epochs_goes_on_as_well(fresh, task, tmp_path, hypergradient, epochs):
    """Checkpoints lie within the first epoch, and within the second where there is one."""
    backbone = fresh()
    through = fit(backbone, task, hypergradient, tmp_path, epochs=epochs)
    assert through.steps == 10
    for step in (4, 6):
        again = fit(backbone, task, hypergradient, resume=tmp_path / f"step={step}.ckpt", epochs=epochs)
        assert same(again, through)


@pytest.mark.parametrize("hypergradient", [FiniteDifference(), OneLevel()], ids=["bilevel", "one_level"])
def test_decays_over_a_share_are_those_over_its_steps(fresh, task, hypergradient):
    """6 and 4 of 8 steps."""
    share = {
        "temperature": Temperature(0.5, 2.0, Decay("linear", 0.75)),
        "budget_schedule": BudgetSchedule(Decay("exponential", 0.5)),
    }
    backbone = fresh()
    assert same(fit(backbone, task, hypergradient, **share), fit(backbone, task, hypergradient))


def test_a_checkpoint_holds_no_backbone(fresh, task, tmp_path):
    fit(fresh(), task, FiniteDifference(), tmp_path)
    content = torch.load(tmp_path / "step=8.ckpt", weights_only=True)
    assert set(content["state_dict"]) == {"theta", "alpha"}
    assert len(content["optimizer_states"]) == 2


def test_equal_seeds_give_equal_searches(fresh, task):
    backbone = fresh()
    one, two, other = (fit(backbone, task, FiniteDifference(), seed=seed) for seed in (3, 3, 4))
    assert same(one, two)
    assert not torch.equal(one.alpha, other.alpha)


def test_theta0_may_have_a_seed_of_its_own(fresh, task):
    backbone = fresh()
    one, two = (make(backbone, task, seed=seed, theta0_seed=5)[0] for seed in (0, 1))
    assert torch.equal(one.theta, two.theta)
    assert not torch.equal(one.theta, make(backbone, task, seed=0)[0].theta)
