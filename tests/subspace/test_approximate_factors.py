"""A fit whose gradients stay in factors ends where one with whole gradients does."""

from functools import partial

import pytest
import torch

from deltalab.optimizer.adafactor import FlatAdafactor
from deltalab.optimizer.factors import Matrix

from ..tuning.support import trainer
from . import approximation as small

TWO_LAYER = {"kind": "two_layer", "hidden": 12, "activation": "tanh"}


@pytest.fixture
def wide(monkeypatch):
    """Codes of more numbers than rows that meet a projection in a step, all of them precise: chance steps part soon."""
    monkeypatch.setattr(small, "DIM", 20)
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


@pytest.mark.parametrize(
    "options",
    [{}, {"joint": True}, {"up": TWO_LAYER, "span_down": True}, {"partitioned": True, "reconstruction": "relative"}],
    ids=["dense", "joint", "two-layer", "partitioned"],
)
def test_a_fit_from_factors_ends_where_one_from_gradients_does(wide, fresh, task, options):
    ends = []
    for fused in (True, False):
        module, data = small.approximation(fresh(), task, **options)
        for one in module.subspace.parameters():
            one.data *= 0.1  # where answers are unsure, so that the least difference is not blown up
        start = {name: tensor.clone() for name, tensor in module.subspace.state_dict().items()}
        module.optimizer, seen = partial(FlatAdafactor, lr=1e-3, fused=fused), []
        module.on_before_optimizer_step = lambda _, module=module, seen=seen: seen.append(held(module))
        runner = trainer(max_steps=3, gradient_clip_val=0.5, accumulate_grad_batches=2)
        runner.fit(module.double(), datamodule=data)
        assert seen == [fused] * 3
        ends.append({name: tensor - start[name] for name, tensor in module.subspace.state_dict().items()})
    for name, moved in ends[0].items():
        assert (moved - ends[1][name]).norm() <= 1e-5 * moved.norm(), name


def held(module):
    """Whether every matrix has its gradient in factors, or else each a whole one."""
    matrices = [one for one in module.parameters() if isinstance(one, Matrix)]
    factored = all(one.factors and one.grad is None for one in matrices)
    assert factored or all(not one.factors and one.grad is not None for one in matrices)
    return factored
