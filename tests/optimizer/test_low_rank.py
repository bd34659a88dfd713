"""One sweep from factors is Adafactor on the gradient itself."""

import pytest
import torch
from transformers import Adafactor

from deltalab.optimizer.factors import Factors
from deltalab.optimizer.low_rank import sweep

N, M = 30, 7
USUAL = {"scale_parameter": False, "relative_step": False, "decay_rate": -0.8, "clip_threshold": 1.0, "lr": 0.03}
OPTIONS = ({}, {"weight_decay": 0.1}, {"clip_threshold": 0.1, "decay_rate": -0.5, "scale_parameter": True})


def drawn(step, rank, dtype=torch.float64):
    generator = torch.Generator().manual_seed(step)
    left, right = (torch.randn(rank, size, generator=generator, dtype=dtype) for size in (N, M))
    return Factors(left, right * 10.0**-step)


@pytest.mark.parametrize("rank", [1, 4])
@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_a_sweep_is_adafactor_on_the_dense_gradient(options, rank):
    begin = torch.randn(N, M, generator=torch.Generator().manual_seed(9), dtype=torch.float64)
    matrix, other, state = begin.clone(), torch.nn.Parameter(begin.clone()), {}
    whole = Adafactor([other], **USUAL | options)
    for step in range(5):
        factors = drawn(step, rank)
        sweep(matrix, factors, state, whole.param_groups[0])
        other.grad = factors.left.T @ factors.right
        whole.step()
    torch.testing.assert_close(matrix, other.detach())
    kept = whole.state[other]
    assert state["step"] == kept["step"]
    assert set(state) == set(kept)
    for name in ("exp_avg_sq_row", "exp_avg_sq_col"):
        torch.testing.assert_close(state[name], kept[name])


def test_rows_without_a_gradient_and_repeated_factors_do_no_harm():
    factors = drawn(1, 1, torch.float32)
    factors.left[:, :5] = 0
    twice = Factors(factors.left.repeat(2, 1), factors.right.repeat(2, 1))
    matrix, other = torch.ones(N, M), torch.nn.Parameter(torch.ones(N, M))
    whole = Adafactor([other], **USUAL)
    sweep(matrix, twice, {}, whole.param_groups[0])
    other.grad = twice.dense()
    whole.step()
    torch.testing.assert_close(matrix, other.detach())
    assert torch.equal(matrix[:5], torch.ones(5, M))


@pytest.mark.parametrize("number", [torch.inf, torch.nan])
def test_a_gradient_that_is_no_number_spreads_as_it_would(number):
    factors = drawn(1, 2, torch.float32)
    factors.left[0, 3] = number
    matrix, other = torch.ones(N, M), torch.nn.Parameter(torch.ones(N, M))
    whole = Adafactor([other], **USUAL)
    sweep(matrix, factors, {}, whole.param_groups[0])
    other.grad = factors.dense()
    whole.step()
    assert matrix.isnan().all()
    assert other.isnan().any()
