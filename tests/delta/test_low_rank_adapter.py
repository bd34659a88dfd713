"""The low-rank adapter against its four factors multiplied out."""

from __future__ import annotations

import pytest
import torch.nn.functional as F

from deltalab.delta.low_rank_adapter import LowRankAdapter
from deltalab.delta.stack import Stack

from .naive import FFN, SELF, check, wrap


def install(model, tensors):
    for path in SELF + FFN:
        part = {name.rsplit(".", 1)[1]: value for name, value in tensors.items() if name.startswith(f"{path}.")}

        def change(y, part=part):
            inner = F.gelu(y @ (part["down_left"] @ part["down_right"]) + part["down_bias"], approximate="tanh")
            return y + inner @ (part["up_left"] @ part["up_right"]) + part["up_bias"]

        wrap(model, path, change)


@pytest.mark.parametrize(("reduction", "rank"), [(32, 1), (2, 3)])
def test_it_equals_its_factors_multiplied_out(reduction, rank, backbone, stock, batch):
    delta = LowRankAdapter(reduction=reduction, rank=rank).bind(backbone, "low_rank_adapter")
    check(Stack(backbone), stock, delta, batch, install)


def test_the_last_factor_starts_at_zero_unless_published(backbone):
    for start in ("identity", "s3"):
        layout = LowRankAdapter(start=start).bind(backbone, "low_rank_adapter").layout
        drawn = layout.unflatten(layout.initial(0))
        assert all(bool(v.any()) == (start == "s3") for name, v in drawn.items() if name.endswith("up_right"))
        assert all(v.any() for name, v in drawn.items() if name.endswith(("down_left", "down_right", "up_left")))
