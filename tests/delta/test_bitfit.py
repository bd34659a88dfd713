"""BitFit against biases added by hand."""

from __future__ import annotations

import pytest

from deltalab.delta.bitfit import BitFit
from deltalab.delta.stack import Stack

from .naive import CROSS, FFN, NORMS, SELF, check, wrap

LINEAR = [f"{path}.{part}" for path in SELF + CROSS for part in "qkvo"]


def install(model, tensors):
    for name, bias in tensors.items():
        wrap(model, name.removesuffix(".bitfit"), lambda y, bias=bias: y + bias)


@pytest.mark.parametrize(("kind", "inner"), [("v1.0", ["wi", "wo"]), ("mt5", ["wi_0", "wi_1", "wo"])])
def test_bitfit_equals_biases_added_by_hand(kind, inner, make_backbone, stock, batch):
    backbone = make_backbone(kind)
    delta = BitFit().bind(backbone, "bitfit")
    paths = LINEAR + [f"{path}.{part}" for path in FFN for part in inner] + NORMS
    assert {spec.name for spec in delta.layout.specs} == {f"{path}.bitfit" for path in paths}
    check(Stack(backbone), lambda: stock(kind), delta, batch, install)


def test_the_head_can_have_a_bias(backbone, stock, batch):
    delta = BitFit(roles=("head",)).bind(backbone, "bitfit")
    assert delta.size == 40
    check(Stack(backbone), stock, delta, batch, install)


def test_blocks_can_have_a_bias(backbone, stock, batch):
    delta = BitFit(roles=("attn", "cross", "ffn")).bind(backbone, "bitfit")
    assert {spec.name for spec in delta.layout.specs} == {f"{path}.bitfit" for path in SELF + CROSS + FFN}
    check(Stack(backbone), stock, delta, batch, install)
