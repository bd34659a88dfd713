"""Learned projectors start as published, in every form."""

from __future__ import annotations

import math
from itertools import product

import pytest
import torch
from scipy.stats import kstest

from deltalab.errors import UserError
from deltalab.subspace.learned import Learned

from .support import bound, moves, starts

UPS = {"linear": {}, "two_layer": {"hidden": 5}, "fastfood": {}, "fastfood_learned": {}}


@pytest.fixture(scope="module")
def deltas(backbone):
    return bound(backbone)


def made(deltas, **options):
    return Learned(3, **options).make(deltas, starts(deltas), moves(deltas), 0)


@pytest.mark.parametrize(("up", "down"), list(product(UPS, ["span", "dense"])))
def test_the_projections_have_the_form_asked_for(deltas, up, down):
    subspace = made(deltas, up=up, down=down, activation="gelu", **UPS[up])
    for name, delta in deltas.items():
        projector = subspace[name]
        assert projector.up.form["kind"] == up
        assert projector.down.form["kind"] == down
        assert projector.down.form["activation"] == "gelu"
        if up == "two_layer":
            assert projector.up.form == {"kind": up, "hidden": 5, "activation": "gelu"}
        codes = subspace.encode(name, starts(deltas)[name] + moves(deltas)[name])
        assert codes.shape == (6, 3)
        assert subspace.decode(name, codes).shape == (6, delta.size)


def test_a_hidden_layer_is_as_wide_as_a_code_unless_said_otherwise(deltas):
    assert made(deltas, up="two_layer")["lora"].up.inner.shape == (3, 3)


def test_all_first_numbers_are_normal(deltas):
    subspace = made(deltas, down="dense", std=0.05)
    for name in deltas:
        for group in (subspace[name].up, subspace[name].down):
            numbers = torch.cat([p.detach().flatten() for p in group.parameters()])
            assert kstest(numbers.numpy(), "norm", args=(0, 0.05)).pvalue > 1e-3


def test_each_method_has_numbers_of_its_own(deltas):
    subspace = made(deltas)
    one, other = (subspace[name].up.matrix.detach().flatten()[:300] for name in ("lora", "adapter"))
    assert abs(torch.corrcoef(torch.stack([one, other]))[0, 1].item()) < 5 / math.sqrt(300)


def test_the_span_is_that_of_the_methods_own_steps(deltas):
    subspace = made(deltas)
    for name, v in moves(deltas).items():
        basis = subspace[name].down.basis
        assert basis.shape == (6, deltas[name].size)
        torch.testing.assert_close(v @ basis.T @ basis, v, rtol=1e-4, atol=1e-5)


def test_the_way_up_does_not_depend_on_the_way_down(deltas):
    spanned, dense = made(deltas, down="span"), made(deltas, down="dense")
    for name in deltas:
        assert torch.equal(spanned[name].up.matrix, dense[name].up.matrix)


def test_fixed_fastfood_leaves_the_way_down_to_train(deltas):
    subspace = made(deltas, up="fastfood")
    trained = {name for name, p in subspace.named_parameters() if p.requires_grad}
    assert trained
    assert all(".down." in name for name in trained)


WRONG = [
    ({"up": "linaer"}, r"^subspace\.up: unknown up-projection 'linaer'; did you mean linear"),
    ({"down": "least_squares"}, r"^subspace\.down: unknown down-projection 'least_squares'; .*allowed: dense, span$"),
    ({"activation": "tan"}, r"^subspace\.activation: unknown activation 'tan'"),
    ({"std": 0.0}, r"^subspace\.std=0\.0: must be a number above 0$"),
    ({"up": "two_layer", "hidden": 0}, r"^subspace\.hidden=0: must be a number above 0$"),
    ({"hidden": 5}, r"^subspace\.hidden=5: only subspace\.up=two_layer has a hidden layer$"),
]


@pytest.mark.parametrize(("options", "told"), WRONG)
def test_a_wrong_option_is_refused(options, told):
    with pytest.raises(UserError, match=told):
        Learned(**options)


def test_solutions_that_moved_nothing_are_refused(deltas):
    still = moves(deltas) | {"adapter": torch.zeros(2, deltas["adapter"].size)}
    with pytest.raises(UserError, match=r"^subspace\.down=span: the solutions of 'adapter' span nothing"):
        Learned().make(deltas, starts(deltas), still, 0)
    Learned(down="dense").make(deltas, starts(deltas), still, 0)
