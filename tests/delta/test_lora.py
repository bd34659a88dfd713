"""LoRA against linear maps whose weight is changed."""

from __future__ import annotations

import math

import pytest
import torch
from torch import nn

from deltalab.delta.lora import Lora
from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack
from deltalab.errors import UserError

from .helpers import perturbed, same
from .naive import CROSS, FFN, SELF, check


class Merged(nn.Module):
    """A linear map with a weight that carries gradient."""

    def __init__(self, weight):
        super().__init__()
        self.weight = weight

    def forward(self, x):
        return x @ self.weight.T


def merged(scale):
    def install(model, tensors):
        for path in {name.rsplit(".", 1)[0] for name in tensors}:
            update = tensors[f"{path}.lora_B"] @ tensors[f"{path}.lora_A"]
            model.set_submodule(path, Merged(model.get_submodule(path).weight.detach() + scale * update))

    return install


def test_lora_equals_a_changed_weight_on_queries_and_values(backbone, stock, batch):
    delta = Lora(rank=3, alpha=6.0).bind(backbone, "lora")
    expected = {f"{path}.{part}" for path in SELF + CROSS for part in "qv"}
    assert {unit.site.path for unit in delta.units} == expected
    check(Stack(backbone), stock, delta, batch, merged(2.0))


@pytest.mark.parametrize("kind", ["v1.0", "mt5"])
def test_lora_equals_a_changed_weight_on_every_linear_map(kind, make_backbone, stock, batch):
    backbone = make_backbone(kind)
    roles = ("*.q", "*.k", "*.v", "*.o", "ffn.in", "ffn.out", "head")
    delta = Lora(rank=2, alpha=3.0, roles=roles).bind(backbone, "lora")
    inner = ["wi", "wo"] if kind == "v1.0" else ["wi_0", "wi_1", "wo"]
    expected = {f"{path}.{part}" for path in SELF + CROSS for part in "qkvo"} | {"lm_head"}
    assert {unit.site.path for unit in delta.units} == expected | {f"{path}.{part}" for path in FFN for part in inner}
    check(Stack(backbone), lambda: stock(kind), delta, batch, merged(1.5))


@pytest.mark.parametrize("start", ["standard", "unified"])
def test_a_start_bounds_the_down_projection(start, backbone):
    delta = Lora(rank=4, start=start, roles=("attn.q", "ffn.out")).bind(backbone, "lora")
    for name, value in delta.layout.unflatten(delta.layout.initial(0)).items():
        if name.endswith("lora_B"):
            assert not value.any()
        else:
            bound = 1 / math.sqrt(value.shape[1] if start == "standard" else 4)
            assert 0.8 * bound < float(value.abs().max()) <= bound


def test_dropout_acts_on_the_update_alone_and_only_in_training(make_backbone, batch):
    backbone = make_backbone()
    stack, lora = Stack(backbone), Lora().bind(backbone, "lora")
    dropped, theta = Lora(dropout=0.5).bind(backbone, "lora"), perturbed(lora)
    same(stack.logits(batch, [Segment(dropped, theta)]), stack.logits(batch, [Segment(lora, theta)]), 0.0)
    backbone.model.train()
    plain = stack.logits(batch, [Segment(lora, theta)])
    assert (stack.logits(batch, [Segment(dropped, theta)]) - plain).abs().max() > 1e-3
    start = lora.layout.initial(0)
    same(stack.logits(batch, [Segment(dropped, start)]), stack.logits(batch, [Segment(lora, start)]), 0.0)


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        ({"rank": 0}, "delta.rank=0: must be at least 1"),
        ({"alpha": 0.0}, "delta.alpha=0.0: must be above 0"),
        ({"dropout": 1.0}, "delta.dropout=1.0: a dropout rate is at least 0 and below 1"),
        ({"start": "standart"}, "did you mean standard"),
        ({"roles": ("attn.w",)}, "unknown role 'attn.w'; did you mean attn"),
        ({"roles": ("norm.ffn",)}, r"is a T5LayerNorm, but this delta needs a linear map"),
    ],
)
def test_bad_arguments_end_in_one_line(wrong, line, backbone):
    with pytest.raises(UserError, match=line) as caught:
        Lora(**wrong).bind(backbone, "lora")
    assert "\n" not in str(caught.value)


def test_a_closed_gate_on_a_scale_is_no_update(backbone, batch):
    lora, stack = Lora().bind(backbone, "lora"), Stack(backbone)
    gates = torch.zeros(len(lora.units))
    closed = stack.logits(batch, [Segment(lora, perturbed(lora), gates)])
    same(closed, stack.logits(batch, [Segment(lora, lora.layout.initial(0))]), 0.0)
