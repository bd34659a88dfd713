"""Gates on values."""

from __future__ import annotations

import pytest
import torch

from deltalab.delta.act import gated


def test_no_gate_changes_nothing():
    value = torch.randn(2, 3)
    assert gated(value, None) is value


@pytest.mark.parametrize("shape", [(2,), (2, 3), (2, 3, 4)])
def test_each_vector_has_its_own_gate(shape):
    value = torch.randn(shape)
    scaled = gated(value, torch.tensor([0.0, 0.5]))
    assert not scaled[0].any()
    assert torch.equal(scaled[1], value[1] * 0.5)
