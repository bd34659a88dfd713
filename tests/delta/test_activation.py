"""Nonlinearities by name."""

from __future__ import annotations

import math

import pytest
import torch

from deltalab.delta.activation import activation
from deltalab.errors import UserError

X = torch.linspace(-3, 3, 50)
FORMULAS = {
    "gelu": X * (1 + torch.erf(X / math.sqrt(2))) / 2,
    "gelu_new": X * (1 + torch.tanh(math.sqrt(2 / math.pi) * (X + 0.044715 * X**3))) / 2,
    "relu": X.clamp(min=0),
    "silu": X / (1 + torch.exp(-X)),
    "tanh": (torch.exp(2 * X) - 1) / (torch.exp(2 * X) + 1),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_a_name_gives_its_formula(name):
    torch.testing.assert_close(activation(name)(X), FORMULAS[name])


def test_an_unknown_name_ends_in_one_line():
    with pytest.raises(UserError, match="did you mean gelu") as caught:
        activation("gellu")
    assert "\n" not in str(caught.value)
