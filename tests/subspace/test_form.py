"""A form makes a projection that has this form."""

from __future__ import annotations

import pytest
import torch

from deltalab.subspace.down import Dense, Span, span
from deltalab.subspace.form import UPS, blank_down, make_up
from deltalab.subspace.least_squares import LeastSquares
from deltalab.subspace.up import Fastfood, Linear, TwoLayer

SIZE, DIM = 20, 3


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def linear():
    return Linear(torch.zeros(SIZE), DIM, 0.5, generator())


def ups():
    theta0 = torch.zeros(SIZE)
    yield {"kind": "linear"}, linear()
    yield {"kind": "two_layer", "hidden": 5, "activation": "gelu"}, TwoLayer(theta0, DIM, 5, "gelu", 0.5, generator())
    yield {"kind": "fastfood"}, Fastfood(theta0, DIM, False, generator())
    yield {"kind": "fastfood_learned"}, Fastfood(theta0, DIM, True, generator())


def downs():
    basis = span(torch.randn(4, SIZE, generator=generator()))
    yield {"kind": "dense", "activation": "gelu"}, Dense(SIZE, DIM, "gelu", 0.5, generator())
    yield {"kind": "span", "rank": 4, "activation": "tanh"}, Span(basis, DIM, "tanh", 0.5, generator())
    yield {"kind": "least_squares"}, LeastSquares(linear())


@pytest.mark.parametrize(("form", "up"), list(ups()))
def test_an_up_projection_drawn_from_its_form(form, up):
    assert up.form == form
    again = make_up(form, torch.zeros(SIZE), DIM, 0.5, generator())
    z = torch.randn(2, DIM, generator=generator(1))
    assert torch.equal(again.step(z), up.step(z))


def test_every_kind_of_up_projection_is_listed():
    assert tuple(form["kind"] for form, _ in ups()) == UPS


@pytest.mark.parametrize(("form", "down"), list(downs()))
def test_a_blank_down_projection_filled_is_the_same_function(form, down):
    assert down.form == form
    again = blank_down(form, linear(), DIM)
    again.load_state_dict(down.state_dict())
    v = torch.randn(2, SIZE, generator=generator(1))
    assert torch.equal(again.encode(v), down.encode(v))


def test_frozen_scales_are_still_the_learned_kind():
    up = Fastfood(torch.zeros(SIZE), DIM, True, generator()).requires_grad_(False)
    assert up.form == {"kind": "fastfood_learned"}


@pytest.mark.parametrize("form", [{}, {"kind": "linaer"}, {"kind": "two_layer"}, {"kind": "two_layer", "hidden": "5"}])
def test_no_such_up_projection(form):
    with pytest.raises(ValueError, match="no up-projection"):
        make_up(form, torch.zeros(SIZE), DIM, 0.5, generator())


def test_no_such_down_projection():
    for form in ({}, {"kind": "span", "activation": "tanh"}, {"kind": "dense"}):
        with pytest.raises(ValueError, match="no down-projection"):
            blank_down(form, linear(), DIM)
    with pytest.raises(ValueError, match="no down-projection"):
        blank_down({"kind": "least_squares"}, Fastfood(torch.zeros(SIZE), DIM, False, generator()), DIM)
