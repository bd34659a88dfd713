"""Widths of the modules deltas sit on."""

from __future__ import annotations

import pytest

from deltalab.delta.shape import linear_shape, output_width
from deltalab.errors import UserError


def first(backbone, role):
    return backbone.sites((role,))[0]


@pytest.mark.parametrize(
    ("role", "shape"),
    [("attn.q", (16, 18)), ("attn.o", (18, 16)), ("ffn.in", (16, 24)), ("ffn.out", (24, 16)), ("head", (16, 40))],
)
def test_a_linear_map_has_its_own_shape(role, shape, backbone):
    assert linear_shape(backbone, first(backbone, role)) == shape
    assert output_width(backbone, first(backbone, role)) == shape[1]


@pytest.mark.parametrize("role", ["attn", "cross", "ffn", "norm.ffn", "norm.final", "embed"])
def test_everything_else_has_the_width_of_the_model(role, backbone):
    assert output_width(backbone, first(backbone, role)) == 16
    with pytest.raises(UserError, match="needs a linear map"):
        linear_shape(backbone, first(backbone, role))
