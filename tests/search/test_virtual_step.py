"""Virtual steps against the optimisers of torch."""

from __future__ import annotations

import pytest
import torch

from deltalab.search.virtual_step import AdamW, Sgd

SIZE = 40


def gradients(count, scale=1.0):
    generator = torch.Generator().manual_seed(0)
    drawn = scale * torch.randn(count, SIZE, generator=generator)
    drawn[:, 0] = 0.0  # as in a tensor that a zero beside it hides
    return drawn


def really(optimizer, theta, gradient, clip):
    theta.grad = gradient.clone()
    if clip is not None:
        torch.nn.utils.clip_grad_norm_([theta], clip)
    optimizer.step()
    return theta.detach().clone()


@pytest.mark.parametrize("clip", [None, 2.0, 100.0])
@pytest.mark.parametrize("weight_decay", [0.0, 0.1])
def test_adamw_is_the_next_step_of_torch_to_the_bit(clip, weight_decay):
    theta = torch.nn.Parameter(torch.linspace(-1, 1, SIZE))
    optimizer = torch.optim.AdamW([theta], lr=0.01, weight_decay=weight_decay)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 - step / 10)
    for gradient in gradients(6):
        virtual = AdamW.following(optimizer, theta, clip)(theta.detach(), gradient)
        assert torch.equal(virtual, really(optimizer, theta, gradient, clip))
        schedule.step()


@pytest.mark.parametrize("clip", [None, 2.0])
def test_sgd_is_the_step_of_torch(clip):
    theta = torch.nn.Parameter(torch.linspace(-1, 1, SIZE))
    optimizer = torch.optim.SGD([theta], lr=0.1)
    for gradient in gradients(4):
        virtual = Sgd(0.1, clip)(theta.detach(), gradient)
        torch.testing.assert_close(virtual, really(optimizer, theta, gradient, clip), rtol=0, atol=1e-7)


def test_a_virtual_step_leaves_the_optimiser_and_theta_as_they_are():
    theta = torch.nn.Parameter(torch.ones(SIZE))
    optimizer = torch.optim.AdamW([theta], lr=0.01)
    AdamW.following(optimizer, theta)(theta.detach(), gradients(1)[0])
    assert not optimizer.state
    assert torch.equal(theta, torch.ones(SIZE))
    really(optimizer, theta, gradients(1)[0], None)
    before = {key: value.clone() for key, value in optimizer.state[theta].items()}
    AdamW.following(optimizer, theta)(theta.detach(), gradients(1)[0])
    assert all(torch.equal(value, before[key]) for key, value in optimizer.state[theta].items())


@pytest.mark.parametrize("clip", [None, 2.0])
@pytest.mark.parametrize("make", [Sgd, AdamW])
def test_the_derivative_in_the_gradient_is_that_of_finite_differences(make, clip):
    theta, gradient = torch.linspace(-1, 1, SIZE).double(), gradients(1)[0].double()
    if make is Sgd:
        step = Sgd(0.1, clip)
    else:
        m, v = 0.1 * gradients(2)[1].double(), torch.linspace(0.01, 2, SIZE).double()
        step = AdamW(0.1, m, v, 3, clip=clip)
    assert torch.autograd.gradcheck(lambda g: step(theta, g), gradient.requires_grad_())


def test_the_derivative_is_finite_where_a_moment_and_the_gradient_are_zero():
    """There theta' = theta - lr (1 - b1) g / (1 - b1) / eps to first order: a slope of -lr / eps."""
    zero = torch.zeros(2, dtype=torch.float64)
    step = AdamW(0.1, zero, zero, 0, eps=1e-3, weight_decay=0.0)
    gradient = torch.tensor([0.0, 2.0], dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(step(zero, gradient).sum(), gradient)
    assert slope.tolist() == pytest.approx([-0.1 / 1e-3, -0.1 * 1e-3 / (2 + 1e-3) ** 2])


@pytest.mark.parametrize("option", ["amsgrad", "maximize"])
def test_forms_of_adamw_that_it_does_not_know_are_refused(option):
    theta = torch.nn.Parameter(torch.ones(SIZE))
    with pytest.raises(ValueError, match="neither amsgrad nor maximize"):
        AdamW.following(torch.optim.AdamW([theta], **{option: True}), theta)
