"""What every way of making a subspace owes, and what it refuses."""

from __future__ import annotations

import math

import pytest
import torch

from deltalab.errors import UserError
from deltalab.subspace.fastfood import RandomFastfood
from deltalab.subspace.joint import Joint
from deltalab.subspace.learned import Learned
from deltalab.subspace.maker import positive
from deltalab.subspace.random import Random
from deltalab.subspace.svd import Svd

from .support import bound, moves, starts

MAKERS = [Learned(3), Joint(3), Random(3), RandomFastfood(3), Svd(3)]
IDS = [type(maker).__name__ for maker in MAKERS]


@pytest.fixture(scope="module")
def deltas(backbone):
    return bound(backbone)


def made(maker, deltas, seed=0):
    return maker.make(deltas, starts(deltas), moves(deltas) if maker.needs_solutions else None, seed)


@pytest.mark.parametrize("maker", MAKERS, ids=IDS)
def test_methods_in_order_around_their_theta0(maker, deltas):
    subspace = made(maker, deltas)
    assert subspace.dim == 3
    assert subspace.methods == list(deltas)
    for name, theta0 in starts(deltas).items():
        assert subspace[name].delta is deltas[name]
        assert torch.equal(subspace.decode(name, torch.zeros(3)), theta0)
        assert not torch.equal(subspace.decode(name, torch.ones(3)), theta0)


@pytest.mark.parametrize("maker", MAKERS, ids=IDS)
def test_something_is_left_to_train_exactly_where_it_is_trained(maker, deltas):
    assert any(p.requires_grad for p in made(maker, deltas).parameters()) == maker.trained


@pytest.mark.parametrize("maker", MAKERS, ids=IDS)
def test_the_same_seed_is_the_same_subspace(maker, deltas):
    one, same, other = (made(maker, deltas, seed).state_dict() for seed in (0, 0, 1))
    assert all(torch.equal(tensor, same[name]) for name, tensor in one.items())
    if not isinstance(maker, Svd):  # which draws nothing
        assert any(not torch.equal(tensor, other[name]) for name, tensor in one.items())


@pytest.mark.parametrize(
    "maker", [maker for maker in MAKERS if not maker.needs_solutions], ids=["Joint", "Random", "Fastfood"]
)
def test_without_solutions_nothing_is_encoded(maker, deltas):
    with pytest.raises(UserError, match="no down-projection for 'lora'"):
        made(maker, deltas).encode("lora", starts(deltas)["lora"])


@pytest.mark.parametrize("maker", [Learned(3), Svd(3)], ids=["Learned", "Svd"])
def test_solutions_that_are_needed_are_demanded(maker, deltas):
    with pytest.raises(ValueError, match="steps of solutions"):
        maker.make(deltas, starts(deltas), None, 0)


@pytest.mark.parametrize("kind", [Learned, Joint, Random, RandomFastfood, Svd])
@pytest.mark.parametrize("dim", [0, -2])
def test_less_than_one_dimension_is_refused(kind, dim):
    with pytest.raises(UserError, match=rf"^subspace\.dim={dim}: must be a number above 0$"):
        kind(dim)


def test_positive():
    positive("std", 1e-9)
    for value in (0, -1.0, math.nan, math.inf):
        with pytest.raises(UserError, match=rf"^subspace\.std={value}: must be a number above 0$"):
            positive("std", value)
