"""The optimiser of a run."""

from __future__ import annotations

import pytest
import torch

from deltalab.errors import UserError
from deltalab.optimizer.factors import Matrix
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


@pytest.mark.parametrize(
    ("words", "held"), [([], True), (["trainer.precision=16-mixed"], False), (["optimizer.fused=false"], False)]
)
def test_adafactor_keeps_factors_where_gradients_are_not_scaled(words, held):
    matrix = Matrix(torch.zeros(3, 2))
    with composed("optimizer=adafactor", *words) as config:
        make_optimizer(config)([{"params": [matrix], "shapes": [(3, 2)], "lr": 0.1}])
    assert (matrix.factors == []) is held


def test_adafactor_that_would_step_by_scaled_factors_is_refused():
    with (
        composed("optimizer=adafactor", "optimizer.fused=true", "trainer.precision=16-mixed") as config,
        pytest.raises(
            UserError, match=r"optimizer\.fused=true: this optimiser cannot take gradients scaled by 16-mixed"
        ),
    ):
        make_optimizer(config)
