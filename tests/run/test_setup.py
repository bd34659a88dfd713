"""The optimiser of a run."""

from __future__ import annotations

import pytest
import torch

from deltalab.run.setup import make_optimizer

from .support import composed


@pytest.mark.parametrize(
    ("words", "fused"),
    [
        ([], True),
        (["trainer.precision=bf16-mixed"], True),
        (["trainer.precision=16-mixed"], False),  # clips gradients that are still scaled
        (["trainer.precision=16-mixed", "optimizer.fused=true"], True),
        (["optimizer.fused=false"], False),
        (["optimizer=adafactor"], None),
    ],
)
def test_adamw_is_fused_where_gradients_are_not_scaled(words, fused):
    theta = torch.nn.Parameter(torch.zeros(3))
    with composed(*words) as config:
        optimizer = make_optimizer(config)([{"params": [theta], "shapes": [(3,)], "lr": 0.1}])
    assert optimizer.param_groups[0].get("fused") is fused
