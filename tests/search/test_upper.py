"""Hypergradients as objects give what the functions give; the published variant what its formula says."""

from __future__ import annotations

from functools import partial

import pytest
import torch

from deltalab.errors import UserError
from deltalab.search.hypergradient import exact, finite_difference, first_order
from deltalab.search.upper import Exact, FiniteDifference, FirstOrder
from deltalab.search.virtual_step import AdamW


def test_rounded_products_take_a_wider_difference():
    """Whose own error is of the order of its square, and small beside that of rounding."""
    assert [FiniteDifference().at(rounded).radius for rounded in (False, True)] == [0.01, 0.1]
    assert FiniteDifference(0.03).at(True).radius == 0.03


def losses(seed):
    """Smooth losses of stacked thetas (G, 5) and alpha (5,)."""
    a, b = torch.randn(2, 5, 5, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    return lambda thetas, alpha: ((thetas * alpha.sigmoid()) @ a - b[0]).square().sum(-1) + (thetas @ b).cos().sum(-1)


@pytest.fixture
def problem():
    generator = torch.Generator().manual_seed(3)
    theta, alpha, m = torch.randn(3, 5, generator=generator, dtype=torch.float64)
    step = AdamW(0.05, m, m.square() + 0.1, 4, weight_decay=0.0, clip=0.5)
    return losses(1), losses(2), step, theta, alpha


@pytest.mark.parametrize(
    ("made", "function"),
    [
        (FirstOrder(), partial(first_order, look_ahead=False)),
        (FirstOrder(look_ahead=True), first_order),
        (FiniteDifference(0.02, 1e-5), partial(finite_difference, radius=0.02, floor=1e-5)),
        (Exact(), exact),
    ],
)
def test_each_is_its_function_with_its_settings(made, function, problem):
    torch.testing.assert_close(made(*problem).gradient, function(*problem).gradient, rtol=0, atol=0)


def test_the_published_one_differs_from_sgd_after_an_adamw_step_without_clipping(problem):
    """g = d L_val / d alpha - lr [grad L_train(w+) - grad L_train(w-)] / 2e, w+- = theta +- e d."""
    train, val, step, theta, alpha = problem
    theta, alpha = theta.requires_grad_(), alpha.requires_grad_()
    (gradient,) = torch.autograd.grad(train(theta[None], alpha)[0], theta)
    optimizer = torch.optim.AdamW([moved := torch.nn.Parameter(theta.detach().clone())], lr=0.05, weight_decay=0.0)
    optimizer.state[moved] = {"step": torch.tensor(4.0), "exp_avg": step.m.clone(), "exp_avg_sq": step.v.clone()}
    moved.grad = gradient
    optimizer.step()
    partial_, d = torch.autograd.grad(val(moved[None], alpha)[0], (alpha, moved))
    e = 0.01 / (d.norm() + 1e-6)
    plus, minus = (
        torch.autograd.grad(train((theta + sign * e * d)[None].detach(), alpha)[0], alpha)[0] for sign in (1, -1)
    )
    expected = partial_ - 0.05 * (plus - minus) / (2 * e)
    torch.testing.assert_close(FiniteDifference(published=True)(*problem).gradient, expected)
    assert not torch.allclose(FiniteDifference()(*problem).gradient, expected)


def test_fused_attention_has_no_second_derivative():
    def fused(thetas, alpha):
        q = thetas.view(1, 1, -1, 1).expand(1, 1, 5, 8) * alpha.view(1, 1, -1, 1)
        attended = torch.nn.functional.scaled_dot_product_attention(q, q, q)
        return attended.square().sum()[None]

    step = AdamW(0.1, torch.zeros(5), torch.ones(5), 1)
    with pytest.raises(UserError, match=r"^stack\.attention=sdpa: has no second derivative; use eager"):
        Exact()(fused, fused, step, torch.randn(5), torch.randn(5))
