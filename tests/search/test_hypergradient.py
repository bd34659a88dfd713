"""Hypergradients against central differences of alpha -> L_val(theta'(alpha), alpha)."""

from __future__ import annotations

import pytest
import torch

from deltalab.search.hypergradient import exact, finite_difference, first_order
from deltalab.search.shift import shift
from deltalab.search.virtual_step import AdamW, Sgd

D, N = 12, 4
COSTS = torch.tensor([3, 4, 5, 6])
LAYERS = ((3, 2), (2, 2), (2, 1))  # 12 weights


def normal(*shape, seed):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def bowl(seed, direct=True):
    """Quadratic in gated thetas: sum_k (z . rows of A theta - b)^2, with or without alpha outside of theta'."""
    A, b = normal(9, D, seed=seed), normal(9, seed=seed + 1)

    def losses(thetas, alpha):
        z = shift(alpha, COSTS, 9.0).sigmoid() if direct else torch.ones(N, dtype=alpha.dtype)
        return ((thetas * z.repeat_interleave(D // N)) @ A.T - b).square().mean(-1)

    return losses


def network(seed):
    """A net of three layers, tanh between them, whose first gate scales its output and the others its layers."""
    x, y = normal(8, 3, seed=seed), normal(8, 1, seed=seed + 1)

    def losses(thetas, alpha):
        z = alpha.sigmoid()
        results = []
        for theta in thetas:
            h = x
            for i, (weights, shape) in enumerate(zip(theta[:12].split([6, 4, 2]), LAYERS, strict=True)):
                h = h @ weights.view(shape) * z[i + 1]
                h = h.tanh() if i < 2 else h
            results.append((h * z[0] * 3 - y).square().mean())
        return torch.stack(results)

    return losses


LOSSES = {
    "bowl": (bowl(0), bowl(10)),
    "bowl, train gates only": (bowl(0), bowl(10, False)),
    "network": (network(20), network(30)),
}
THETA, ALPHA = normal(D, seed=40), 0.5 * normal(N, seed=41)
M, V = 0.1 * normal(D, seed=42), 0.1 * normal(D, seed=43).square() + 0.01
STEPS = {
    "sgd": Sgd(0.1),
    "sgd, clipped": Sgd(0.5, clip=0.2),
    "adamw": AdamW(0.4, M, V, 3, (0.5, 0.9)),
    "adamw, clipped": AdamW(0.4, M, V, 3, (0.5, 0.9), clip=0.2),
}
every = pytest.mark.parametrize("losses", LOSSES.values(), ids=LOSSES)
after = pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)


def moved(train, step, alpha, theta=THETA):
    theta = theta.clone().requires_grad_()
    return step(theta, torch.autograd.grad(train(theta[None], alpha)[0], theta)[0]).detach()


def brute(function, alpha, h=1e-5):
    """Central differences of a function of alpha, one coordinate at a time."""
    steps = h * torch.eye(len(alpha), dtype=alpha.dtype)
    return torch.stack([(function(alpha + s) - function(alpha - s)) / (2 * h) for s in steps])


def whole(train, val, step):
    return brute(lambda alpha: val(moved(train, step, alpha)[None], alpha)[0], ALPHA)


@every
@after
def test_exact_is_the_slope_of_the_validation_loss_after_the_step(losses, step):
    train, val = losses
    found = exact(train, val, step, THETA, ALPHA)
    expected = whole(train, val, step)
    assert expected.norm() > 1e-3
    torch.testing.assert_close(found.gradient, expected, rtol=1e-6, atol=1e-8)
    torch.testing.assert_close(found.val_loss, val(moved(train, step, ALPHA)[None], ALPHA)[0])


@every
@after
def test_first_order_holds_the_moved_theta_constant(losses, step):
    train, val = losses
    ahead = moved(train, step, ALPHA)
    found = first_order(train, val, step, THETA, ALPHA)
    torch.testing.assert_close(
        found.gradient, brute(lambda alpha: val(ahead[None], alpha)[0], ALPHA), rtol=1e-6, atol=1e-8
    )
    torch.testing.assert_close(found.val_loss, val(ahead[None], ALPHA)[0])


@every
def test_first_order_without_look_ahead_is_taken_at_theta_and_never_trains(losses):
    def never(thetas, alpha):
        raise AssertionError

    found = first_order(never, losses[1], never, THETA, ALPHA, look_ahead=False)
    expected = brute(lambda alpha: losses[1](THETA[None], alpha)[0], ALPHA)
    torch.testing.assert_close(found.gradient, expected, rtol=1e-6, atol=1e-8)


@every
@after
def test_finite_differences_tend_to_exact_as_their_radius_shrinks(losses, step):
    train, val = losses
    expected = whole(train, val, step)
    errors = [
        float((finite_difference(train, val, step, THETA, ALPHA, radius, 0.0).gradient - expected).norm())
        for radius in (0.5, 0.05, 0.005)
    ]
    assert errors[2] < 1e-5 * float(expected.norm())
    # Central differences: a tenth of the radius, a hundredth of the error; a quadratic has none.
    if losses is LOSSES["network"]:
        assert errors[1] < 0.05 * errors[0]
        assert errors[2] < 0.05 * errors[1]


@after
def test_the_second_order_part_matters_here(step):
    """Otherwise the tests above would not tell the three apart."""
    train, val = LOSSES["network"]
    whole_, part = whole(train, val, step), first_order(train, val, step, THETA, ALPHA).gradient
    assert (whole_ - part).norm() > 0.01 * whole_.norm()


def test_both_perturbed_thetas_go_through_one_call_at_the_published_distance():
    train, val = LOSSES["network"]
    calls = []

    def watched(thetas, alpha):
        calls.append(thetas.detach())
        return train(thetas, alpha)

    found = finite_difference(watched, val, Sgd(0.1), THETA, ALPHA)
    assert [len(thetas) for thetas in calls] == [1, 2]
    ahead = moved(train, Sgd(0.1), ALPHA).requires_grad_()
    d = torch.autograd.grad(val(ahead[None], ALPHA)[0], ahead)[0]
    epsilon = 0.01 / (d.norm() + 1e-6)  # as published
    torch.testing.assert_close(calls[1], torch.stack([THETA - epsilon * d, THETA + epsilon * d]))
    plus, minus = (
        torch.autograd.functional.jacobian(lambda alpha, at=at: train(at[None], alpha)[0], ALPHA)
        for at in (THETA + epsilon * d, THETA - epsilon * d)
    )
    partial = torch.autograd.functional.jacobian(lambda alpha: val(ahead[None], alpha)[0], ALPHA)
    torch.testing.assert_close(found.gradient, partial - 0.1 * (plus - minus) / (2 * epsilon))


def test_the_published_shortcut_pulls_the_step_of_adamw_back_as_if_it_were_sgd():
    train, val = LOSSES["network"]
    step = STEPS["adamw"]
    ahead = moved(train, step, ALPHA).requires_grad_()
    d = torch.autograd.grad(val(ahead[None], ALPHA)[0], ahead)[0]

    def slope(alpha):  # d L_train / d theta at theta, along d
        theta = THETA.clone().requires_grad_()
        return torch.autograd.grad(train(theta[None], alpha)[0], theta)[0] @ d

    partial = brute(lambda alpha: val(ahead.detach()[None], alpha)[0], ALPHA)
    expected = partial - 0.4 * brute(slope, ALPHA)
    found = finite_difference(train, val, step, THETA, ALPHA, 1e-3, pull=Sgd(0.4)).gradient
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-8)
    assert (found - whole(train, val, step)).norm() > 1e-3 * found.norm()


@pytest.mark.parametrize("floor", [0.0, 1e-6])
def test_a_validation_loss_that_is_flat_in_theta_has_no_second_order_part(floor):
    def val(thetas, alpha):
        return alpha.sum() + 0 * thetas.sum(-1)

    found = finite_difference(LOSSES["network"][0], val, Sgd(0.1), THETA, ALPHA, floor=floor)
    assert found.gradient.tolist() == [1, 1, 1, 1]


@pytest.mark.parametrize("hypergradient", [exact, finite_difference, first_order])
def test_nothing_is_left_behind(hypergradient):
    theta, alpha = THETA.clone().requires_grad_(), ALPHA.clone().requires_grad_()
    found = hypergradient(*LOSSES["network"], Sgd(0.1), theta, alpha)
    assert not found.gradient.requires_grad
    assert not found.val_loss.requires_grad
    assert theta.grad is None
    assert alpha.grad is None
    assert torch.equal(theta, THETA)
