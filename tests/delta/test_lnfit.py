"""LNFit against norms whose gain is changed."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from deltalab.delta.lnfit import LNFit, _normalised
from deltalab.delta.stack import Stack

from .naive import NORMS, check


def install(model, tensors):
    for name, change in tensors.items():
        norm = model.get_submodule(name.removesuffix(".lnfit"))
        gain = norm.weight.detach() + change
        del norm.weight
        norm.weight = gain


@pytest.mark.parametrize("kind", ["v1.0", "v1.1", "mt5"])
def test_lnfit_equals_norms_with_another_gain(kind, make_backbone, stock, batch):
    backbone = make_backbone(kind)
    delta = LNFit().bind(backbone, "lnfit")
    assert {spec.name for spec in delta.layout.specs} == {f"{path}.lnfit" for path in NORMS}
    check(Stack(backbone), lambda: stock(kind), delta, batch, install)


def test_a_layer_norm_is_normalised_as_it_does_itself():
    norm, x = nn.LayerNorm(8), torch.randn(2, 3, 8)
    torch.testing.assert_close(_normalised(norm, x), norm(x))


def test_a_module_that_is_no_norm_is_refused():
    with pytest.raises(TypeError, match="Linear is no normalisation layer"):
        _normalised(nn.Linear(2, 2), torch.zeros(1, 2))
