"""Projectors that begin at the components of the solutions, against numpy's best matrix of that rank."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import torch

from deltalab.errors import UserError
from deltalab.subspace.activation import ACTIVATIONS
from deltalab.subspace.learned import Learned

from .support import bound, moves, starts

FORMS = list(product(["span", "dense"], ACTIVATIONS))


@pytest.fixture(scope="module")
def deltas(backbone):
    return bound(backbone)


@pytest.fixture
def steps(deltas):
    return moves(deltas, 6)


def made(deltas, steps, dim, init="svd", **options):
    return Learned(dim, init=init, **options).make(deltas, starts(deltas), steps, 0)


def best(steps, dim):
    """The steps of every method in the best matrix of that rank, each method weighing the same."""
    c = {name: v.double().pow(2).sum(1).mean().sqrt().item() for name, v in steps.items()}
    rows = np.concatenate([v.double().numpy() / c[name] for name, v in steps.items()], axis=1)
    left, values, right = np.linalg.svd(rows, full_matrices=False)
    parts = np.split(
        left[:, :dim] * values[:dim] @ right[:dim], np.cumsum([v.shape[1] for v in steps.values()])[:-1], 1
    )
    return {name: c[name] * part for name, part in zip(steps, parts, strict=True)}


@pytest.mark.parametrize(("down", "activation"), FORMS)
@pytest.mark.parametrize("dim", [1, 3, 6])
def test_solutions_come_back_nearly_as_in_the_best_matrix_of_that_rank(deltas, steps, dim, down, activation):
    subspace = made(deltas, steps, dim, down=down, activation=activation)
    for name, expected in best(steps, dim).items():
        with torch.no_grad():
            found = subspace[name].up.step(subspace[name].code(steps[name])).double().numpy()
        apart = np.linalg.norm(found - expected, axis=1) / np.linalg.norm(steps[name].numpy(), axis=1)
        assert apart.max() < 0.1, name
        assert apart.mean() < (1e-4 if dim == 6 else 0.05), name  # at full rank nothing is lost


@torch.no_grad()
@pytest.mark.parametrize(("down", "activation"), FORMS)
def test_all_methods_begin_at_one_code(deltas, steps, down, activation):
    subspace = made(deltas, steps, 4, down=down, activation=activation)
    first, *others = (subspace[name].code(v) for name, v in steps.items())
    for other in others:
        torch.testing.assert_close(other, first, rtol=1e-3, atol=1e-3)


def test_dimensions_beyond_the_rank_begin_as_drawn(deltas, steps):
    subspace, drawn = made(deltas, steps, 8), made(deltas, steps, 8, init="random")
    for name in deltas:
        own, other = subspace[name], drawn[name]
        assert torch.equal(own.up.matrix[:, 6:], other.up.matrix[:, 6:])
        assert torch.equal(own.down.first[6:], other.down.first[6:])
        assert torch.equal(own.down.second[6:], other.down.second[6:])
        assert not torch.isclose(own.up.matrix[:, :6], other.up.matrix[:, :6]).all()


def test_everything_stays_to_be_trained(deltas, steps):
    subspace = made(deltas, steps, 3)
    for name, v in steps.items():
        subspace[name].up.step(subspace[name].code(v)).pow(2).sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in subspace.parameters())


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"init": "pca"}, r"^subspace\.init: unknown init 'pca'; allowed: random, svd$"),
        ({"init": "svd", "up": "two_layer"}, "^subspace.init=svd: .* not two_layer$"),
        ({"init": "svd", "ups": {"lora": "fastfood"}}, "^subspace.init=svd: .* not fastfood$"),
    ],
)
def test_what_cannot_begin_so_is_refused(options, told):
    with pytest.raises(UserError, match=told):
        Learned(3, **options)


def test_methods_need_as_many_solutions(deltas, steps):
    with pytest.raises(UserError, match="needs as many solutions of every method"):
        made(deltas, steps | {"lora": steps["lora"][:5]}, 2)
