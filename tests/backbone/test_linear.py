"""Widths of linear maps, against what they give."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from transformers.pytorch_utils import Conv1D

from deltalab.backbone.linear import linear_weight, linear_widths


@pytest.mark.parametrize("module", [nn.Linear(3, 5), Conv1D(5, 3)], ids=["Linear", "Conv1D"])
def test_a_linear_map_has_the_widths_it_maps_between(module):
    width, out = linear_widths(module)
    assert module(torch.zeros(2, width)).shape == (2, out) == (2, 5)


def test_other_modules_have_none():
    assert linear_widths(nn.LayerNorm(3)) is None


@pytest.mark.parametrize("module", [nn.Linear(3, 5), Conv1D(5, 3)], ids=["Linear", "Conv1D"])
def test_the_weight_maps_what_the_module_maps(module):
    x = torch.randn(2, 3)
    torch.testing.assert_close(x @ linear_weight(module).T + module.bias, module(x))
