"""Every method gets the up-projection that was asked for it."""

from __future__ import annotations

import pytest
import torch

from deltalab.errors import UserError
from deltalab.subspace.up import Fastfood, Linear, TwoLayer
from deltalab.subspace.ups import Ups

THETA0 = {"one": torch.ones(5), "other": torch.zeros(9), "last": torch.zeros(4)}


def ups(up="linear", hidden=None, **named):
    return Ups(3, up, hidden, "gelu", 0.5, named)


def test_a_method_may_have_another_than_the_rest():
    made = ups("two_layer", 7, other="fastfood_learned", last="linear").make(THETA0, torch.Generator())
    assert list(made) == list(THETA0)
    assert [type(up) for up in made.values()] == [TwoLayer, Fastfood, Linear]
    assert made["one"].form == {"kind": "two_layer", "hidden": 7, "activation": "gelu"}
    assert made["other"].form == {"kind": "fastfood_learned"}
    assert all(torch.equal(up.theta0, THETA0[name]) for name, up in made.items())


def test_numbers_are_drawn_in_the_order_of_the_methods():
    made = ups().make(THETA0, torch.Generator().manual_seed(1))
    chance = torch.Generator().manual_seed(1)
    for name, theta0 in THETA0.items():
        assert torch.equal(made[name].matrix, 0.5 * torch.randn(len(theta0), 3, generator=chance))


def test_a_hidden_layer_is_that_of_the_one_method_that_has_it():
    assert ups(hidden=7, one="two_layer").make(THETA0, torch.Generator())["one"].inner.shape == (7, 3)
    assert ups(one="two_layer").make(THETA0, torch.Generator())["one"].inner.shape == (3, 3)
    with pytest.raises(UserError, match=r"^subspace\.hidden=7: only subspace\.up=two_layer"):
        ups(hidden=7, one="fastfood")


def test_what_is_none_is_refused():
    with pytest.raises(UserError, match=r"^subspace\.ups\.one: unknown up-projection 'linaer'; did you mean linear"):
        ups(one="linaer")
    told = r"^subspace\.ups: unknown method 'othre'; did you mean other.*allowed: last, one, other$"
    with pytest.raises(UserError, match=told):
        ups(othre="linear").make(THETA0, torch.Generator())
