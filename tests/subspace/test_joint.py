"""Up-projections of the joint mode: as those of solved tasks, without a way down."""

from __future__ import annotations

import pytest
import torch

from deltalab.errors import UserError
from deltalab.subspace.joint import Joint
from deltalab.subspace.learned import Learned

from .support import bound, moves, starts


@pytest.fixture(scope="module")
def deltas(backbone):
    return bound(backbone)


@pytest.mark.parametrize("up", ["linear", "two_layer", "fastfood", "fastfood_learned"])
def test_ways_up_are_those_of_solved_tasks(deltas, up):
    options = {"up": up, "std": 0.3, "ups": {"adapter": "linear"}}
    joint = Joint(3, **options).make(deltas, starts(deltas), None, 5)
    solved = Learned(3, **options).make(deltas, starts(deltas), moves(deltas), 5)
    z = torch.randn(2, 3, generator=torch.Generator().manual_seed(1))
    for name in deltas:
        assert joint[name].up.form == solved[name].up.form
        assert joint[name].up.form["kind"] == ("linear" if name == "adapter" else up)
        assert torch.equal(joint.decode(name, z), solved.decode(name, z))


def test_there_is_no_way_down(deltas):
    joint, solved = Joint(3).make(deltas, starts(deltas), None, 0), Learned(3)
    assert not joint.encodes
    assert solved.make(deltas, starts(deltas), moves(deltas), 0).encodes
    with pytest.raises(UserError, match="no down-projection for 'lora'"):
        joint.encode("lora", starts(deltas)["lora"])


def test_fixed_fastfood_leaves_the_projectors_as_drawn(deltas):
    joint = Joint(3, up="fastfood").make(deltas, starts(deltas), None, 0)
    assert not any(p.requires_grad for p in joint.parameters())


WRONG = [
    ({"up": "linaer"}, r"^subspace\.up: unknown up-projection 'linaer'"),
    ({"ups": {"lora": "linaer"}}, r"^subspace\.ups\.lora: unknown up-projection 'linaer'"),
    ({"activation": "tan"}, r"^subspace\.activation: unknown activation 'tan'"),
    ({"std": 0.0}, r"^subspace\.std=0\.0: must be a number above 0$"),
    ({"activation": "tanh", "ups": {"lora": "linear"}}, r"^subspace\.activation=tanh: only subspace\.up=two_layer"),
    ({"hidden": 5}, r"^subspace\.hidden=5: only subspace\.up=two_layer has a hidden layer$"),
]


def test_the_activation_is_that_inside_two_layers(deltas):
    for options in ({"up": "two_layer"}, {"ups": {"lora": "two_layer"}}):
        for given, expected in (({}, "tanh"), ({"activation": "gelu"}, "gelu")):
            made = Joint(3, **options, **given).make(deltas, starts(deltas), None, 0)
            assert made["lora"].up.form["activation"] == expected


@pytest.mark.parametrize(("options", "told"), WRONG)
def test_a_wrong_option_is_refused(options, told):
    with pytest.raises(UserError, match=told):
        Joint(**options)


def test_a_method_that_is_not_there_is_refused(deltas):
    for maker, steps in ((Joint(ups={"lorra": "linear"}), None), (Learned(ups={"lorra": "linear"}), moves(deltas))):
        with pytest.raises(UserError, match=r"^subspace\.ups: unknown method 'lorra'; did you mean lora"):
            maker.make(deltas, starts(deltas), steps, 0)
