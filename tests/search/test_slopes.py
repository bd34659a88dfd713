"""Gradients of a search step: cut in pieces as in one, and the same under dropout whenever they are taken."""

from __future__ import annotations

from functools import partial

import pytest
import torch

from deltalab.delta.stack import Stack
from deltalab.search.budget import BudgetSchedule
from deltalab.search.gate import Gate, Temperature
from deltalab.search.inclusion import Inclusion
from deltalab.search.slopes import Slopes
from deltalab.search.strategy import L0, Shift
from deltalab.search.upper import Exact, FiniteDifference, FirstOrder
from deltalab.search.virtual_step import Sgd

from .searching import SPACE

STEP = Sgd(0.03)


def inclusion(space, strategy=None, gate=None):
    budget = 0.3 * float(space.costs.sum())
    return Inclusion(strategy or Shift(), gate or Gate(), Temperature(), BudgetSchedule(), budget, space.costs)


def start(space):
    """theta near theta0, so that every unit matters, and some alpha."""
    generator = torch.Generator().manual_seed(7)
    theta = space.delta.layout.initial(0) + 0.1 * torch.randn(space.delta.size, generator=generator)
    return theta.requires_grad_(), torch.randn(len(space.members), generator=generator).requires_grad_()


@pytest.fixture
def taken(make_backbone, make_batch):
    """`taken(of, pieces, dropout, recompute)` takes a slope of a name, or a hypergradient, always from the same state.

    `recompute`: with gradient checkpointing.
    """

    def take(of, pieces=1, dropout=0.0, recompute=False):
        backbone = make_backbone(dropout=dropout)
        backbone.model.train()
        space = SPACE.bind(backbone)
        slopes = Slopes(Stack(backbone, "eager", recompute), space.delta, inclusion(space), pieces, seed=1)
        rows, others = make_batch(5, seed=1), make_batch(5, seed=2)
        at = (*start(space), 0)
        if isinstance(of, str):
            return getattr(slopes, of)(rows, *at)
        return slopes.of_alpha(of, rows, others, STEP, *at)

    return take


@pytest.mark.parametrize("of", ["of_theta", "of_both", FirstOrder(True), FiniteDifference(radius=0.1), Exact()])
def test_a_batch_in_pieces_has_the_gradient_of_the_whole(taken, of):
    """Pieces of two rows and one, with different numbers of answer tokens."""
    whole, cut = taken(of), taken(of, pieces=3)
    for one, other in zip(whole, cut, strict=True):
        assert (one is None) == (other is None)
        if one is not None:
            # float32 losses, whose difference is divided by the length of a perturbation
            torch.testing.assert_close(other, one, rtol=1e-4, atol=1e-4 * float(one.abs().max()))


def test_under_bf16_a_wider_difference_is_the_better_one(taken):
    """What finite differences add to the first order, beside the exact addition in float32."""
    first, exact = taken(FirstOrder(True)).alpha, taken(Exact()).alpha
    with torch.autocast("cpu", torch.bfloat16):
        ahead = taken(FirstOrder(True)).alpha
        narrow, wide = (taken(FiniteDifference().at(rounded)).alpha - ahead for rounded in (False, True))
    assert cosine(wide, exact - first) > max(0.9, cosine(narrow, exact - first))


@pytest.mark.parametrize("pieces", [1, 2])
@pytest.mark.parametrize("of", ["of_theta", "of_both", FirstOrder(True), FiniteDifference(radius=0.1), Exact()])
def test_layers_computed_again_drop_the_same(taken, of, pieces):
    plain, again = (taken(of, pieces, dropout=0.3, recompute=recompute) for recompute in (False, True))
    for one, other in zip(plain, again, strict=True):
        if one is not None:
            torch.testing.assert_close(other, one)


def test_one_pass_gives_both_gradients(taken):
    both = taken("of_both")
    alone = taken("of_theta")
    torch.testing.assert_close(both.theta, alone.theta)
    assert both.alpha.abs().max() > 0
    assert alone.alpha is None


def cosine(a, b):
    return float(torch.cosine_similarity(a, b, dim=0))


def test_under_dropout_finite_differences_repeat_and_are_exact(taken):
    """What they add to the first order is where the noise of two passes would show."""
    take = partial(taken, dropout=0.2)
    first, found = take(FirstOrder(True)).alpha, take(FiniteDifference()).alpha
    torch.manual_seed(9)
    again, whole = take(FiniteDifference()).alpha, take(Exact()).alpha
    assert cosine(again - first, found - first) > 0.99
    assert cosine(whole - first, found - first) > 0.99
    assert (whole - first).norm() > 1e-3 * whole.norm()


def test_every_gradient_has_noise_of_its_own(make_backbone, batch):
    space = SPACE.bind(backbone := make_backbone())
    slopes = Slopes(Stack(backbone), space.delta, inclusion(space), 1, seed=1)
    one, two = (slopes.of_theta(batch, *start(space), 0) for _ in range(2))
    assert not torch.equal(one.theta, two.theta)


def test_a_penalty_pulls_alpha_down(make_backbone, batch):
    """By weight d/d alpha_i sigmoid(alpha_i - log(-low / high)), whatever the loss."""
    space = SPACE.bind(backbone := make_backbone())
    gate = Gate(low=-0.1, high=1.1)
    theta, alpha = start(space)
    found = [
        Slopes(Stack(backbone), space.delta, inclusion(space, L0(weight), gate), 1, 1).of_both(batch, theta, alpha, 0)
        for weight in (0.0, 5.0)
    ]
    open_ = (alpha + torch.tensor(11.0).log()).sigmoid()
    torch.testing.assert_close(found[1].alpha - found[0].alpha, 5 * open_ * (1 - open_), rtol=0, atol=1e-5)
