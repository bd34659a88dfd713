"""Adapters against bottlenecks written out."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from deltalab.delta.adapter import Adapter
from deltalab.delta.stack import Stack
from deltalab.errors import UserError

from .naive import CROSS, FFN, SELF, check, wrap


def bottleneck(function, bias):
    def install(model, tensors):
        for path in {name.split(".adapter.")[0] for name in tensors}:
            part = {name.rsplit(".", 1)[1]: value for name, value in tensors.items() if name.startswith(path)}

            def change(y, part=part):
                inner = y @ part["down"] + (part["down_bias"] if bias else 0)
                return y + function(inner) @ part["up"] + (part["up_bias"] if bias else 0)

            wrap(model, path, change)

    return install


@pytest.mark.parametrize(
    ("name", "function"),
    [("silu", F.silu), ("relu", torch.relu), ("gelu_new", lambda x: F.gelu(x, approximate="tanh"))],
)
@pytest.mark.parametrize("bias", [True, False])
def test_adapters_equal_bottlenecks_written_out(name, function, bias, backbone, stock, batch):
    delta = Adapter(size=5, activation=name, bias=bias).bind(backbone, "adapter")
    check(Stack(backbone), stock, delta, batch, bottleneck(function, bias))


@pytest.mark.parametrize(("placement", "expected"), [("houlsby", SELF + CROSS + FFN), ("pfeiffer", FFN)])
def test_a_placement_chooses_its_blocks(placement, expected, backbone):
    delta = Adapter(placement=placement).bind(backbone, "adapter")
    assert sorted(unit.site.path for unit in delta.units) == sorted(expected)


def test_one_side_can_be_adapted_alone(backbone):
    for side in ("encoder", "decoder"):
        delta = Adapter(sides=(side,)).bind(backbone, "adapter")
        assert {unit.site.path for unit in delta.units} == {p for p in SELF + CROSS + FFN if p.startswith(side)}


@pytest.mark.parametrize(
    ("start", "down", "up"), [("identity", 0.01, 0.0), ("unified", 0.02, 0.02), ("s3", 0.01, 0.01)]
)
def test_a_start_has_the_published_spreads(start, down, up, backbone):
    method = Adapter(size=400, start=start)
    assert method.identity == (up == 0.0)
    tensors = method.bind(backbone, "adapter").layout
    drawn = tensors.unflatten(tensors.initial(0))
    for part, std in (("down", down), ("up", up)):
        numbers = torch.cat([value.flatten() for name, value in drawn.items() if name.endswith(part)])
        assert float(numbers.std()) == pytest.approx(std, rel=0.02)
    assert all(not value.any() for name, value in drawn.items() if name.endswith("bias"))


@pytest.mark.parametrize(
    "wrong", [{"size": 0}, {"placement": "hulsby"}, {"activation": "swish"}, {"start": "zero"}, {"layers": (9,)}]
)
def test_bad_arguments_end_in_one_line(wrong, backbone):
    with pytest.raises(UserError) as caught:
        Adapter(**wrong).bind(backbone, "adapter")
    assert "\n" not in str(caught.value)
