"""A flat vector is optimised as its tensors would be, and every job of a pack as it would be alone."""

from __future__ import annotations

import copy

import pytest
import torch
from transformers import Adafactor

from deltalab.optimizer.adafactor import FlatAdafactor
from deltalab.optimizer.factors import Matrix, product

SHAPES = ([(4, 6), (5,), (2, 3, 4)], [(3, 3), (7,)])
OPTIONS = (
    {},
    {"beta1": 0.9, "weight_decay": 0.1},
    {"clip_threshold": 0.1, "decay_rate": -0.5, "scale_parameter": True},
)


def sizes(shapes):
    return [torch.Size(shape).numel() for shape in shapes]


def vectors():
    generator = torch.Generator().manual_seed(0)
    return [torch.nn.Parameter(torch.randn(sum(sizes(shapes)), generator=generator)) for shapes in SHAPES]


def pieces(flat, shapes):
    return [piece.view(shape) for piece, shape in zip(flat.detach().split(sizes(shapes)), shapes, strict=True)]


def give_gradients(thetas, step):
    generator = torch.Generator().manual_seed(100 + step)
    for theta in thetas:
        theta.grad = torch.randn(theta.shape, generator=generator)


def flat_adafactor(thetas, rates=(0.1, 0.02), **options):
    groups = zip(thetas, rates, SHAPES, strict=True)
    return FlatAdafactor([{"params": [theta], "lr": lr, "shapes": shapes} for theta, lr, shapes in groups], **options)


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_flat_adafactor_is_adafactor_on_separate_tensors(options):
    thetas, rates = vectors(), (0.1, 0.02)
    tensors = [
        [torch.nn.Parameter(p.clone()) for p in pieces(theta, s)] for theta, s in zip(thetas, SHAPES, strict=True)
    ]
    usual = {"scale_parameter": False, "relative_step": False, "decay_rate": -0.8, "clip_threshold": 1.0} | options
    apart = [Adafactor(own, lr=lr, **usual) for own, lr in zip(tensors, rates, strict=True)]
    flat = flat_adafactor(thetas, rates, **options)
    for step in range(5):
        give_gradients(thetas, step)
        for theta, own, shapes in zip(thetas, tensors, SHAPES, strict=True):
            for tensor, gradient in zip(own, pieces(theta.grad, shapes), strict=True):
                tensor.grad = gradient.clone()
        flat.step()
        for one in apart:
            one.step()
    for theta, own in zip(thetas, tensors, strict=True):
        assert torch.equal(theta, torch.cat([tensor.reshape(-1) for tensor in own]))


def test_flat_adafactor_takes_the_learning_rate_of_the_moment():
    thetas = vectors()
    flat, before = flat_adafactor(thetas), [theta.detach().clone() for theta in thetas]
    flat.param_groups[0]["lr"] = 0.0
    give_gradients(thetas, 0)
    flat.step()
    assert torch.equal(thetas[0], before[0])
    assert not torch.equal(thetas[1], before[1])


def test_flat_adafactor_leaves_a_vector_without_gradient_alone():
    thetas = vectors()
    flat, before = flat_adafactor(thetas, weight_decay=0.5), thetas[0].detach().clone()
    for step in range(2):
        give_gradients(thetas, step)
        thetas[0].grad = None
        flat.step()
    assert torch.equal(thetas[0], before)


def test_flat_adafactor_continues_from_its_state():
    thetas = vectors()
    flat = flat_adafactor(thetas, beta1=0.9)
    for step in range(2):
        give_gradients(thetas, step)
        flat.step()
    flat.param_groups[0].update(lr=0.05, initial_lr=0.2)  # as schedules do
    others = [torch.nn.Parameter(theta.detach().clone()) for theta in thetas]
    again = flat_adafactor(others, (1.0, 1.0), beta1=0.9)
    again.load_state_dict(copy.deepcopy(flat.state_dict()))
    assert [group["lr"] for group in again.param_groups] == [0.05, 0.02]
    assert [group.get("initial_lr") for group in again.param_groups] == [0.2, None]
    for step in range(2, 5):
        for optimizer, own in ((flat, thetas), (again, others)):
            give_gradients(own, step)
            optimizer.step()
    assert all(torch.equal(a, b) for a, b in zip(thetas, others, strict=True))


def test_flat_adafactor_calls_its_closure_with_gradients_on():
    thetas = vectors()
    flat = flat_adafactor(thetas)

    def closure():
        loss = sum((theta**2).sum() for theta in thetas)
        loss.backward()
        return loss.item()

    losses = [flat.step(closure), flat.step(closure)]
    assert losses[1] < losses[0]


def test_adamw_on_packed_groups_is_a_separate_adamw_for_each():
    thetas, rates = vectors(), (0.1, 0.003)
    others = [torch.nn.Parameter(theta.detach().clone()) for theta in thetas]
    packed = torch.optim.AdamW(
        [{"params": [t], "lr": lr, "shapes": s} for t, lr, s in zip(thetas, rates, SHAPES, strict=True)],
        weight_decay=0.1,
    )
    apart = [torch.optim.AdamW([other], lr=lr, weight_decay=0.1) for other, lr in zip(others, rates, strict=True)]
    for step in range(5):
        give_gradients(thetas, step)
        give_gradients(others, step)
        if step > 2:  # the second has ended
            thetas[1].grad = None
        packed.step()
        apart[0].step()
        if step <= 2:
            apart[1].step()
    for theta, other in zip(thetas, others, strict=True):
        torch.testing.assert_close(theta, other, rtol=1e-6, atol=1e-7)


def matrices(fused, **options):
    """Two of them and an optimiser; each with the loss of a pass through both."""
    generator = torch.Generator().manual_seed(5)
    held = [Matrix(torch.randn(50, 6, generator=generator, dtype=torch.float64)) for _ in range(2)]
    groups = [{"params": [one], "lr": 0.01 * (i + 1), "shapes": [(50, 6)]} for i, one in enumerate(held)]
    return held, FlatAdafactor(groups, fused=fused, **options)


def give_factors(held, step, rows=2):
    generator = torch.Generator().manual_seed(200 + step)
    x = torch.randn(rows, 6, generator=generator, dtype=torch.float64)
    sum((product(x, one) - step).pow(2).sum() for one in held).backward()


@pytest.mark.parametrize("options", [{}, {"weight_decay": 0.1}, {"beta1": 0.9}], ids=str)
@pytest.mark.parametrize("rows", [2, 8])
def test_factors_of_gradients_lead_where_the_gradients_do(rows, options):
    (held, one), (plain, other) = matrices(True, **options), matrices(False, **options)
    for step in range(4):
        for own, optimizer in ((held, one), (plain, other)):
            optimizer.zero_grad()
            give_factors(own, step, rows)
            if step == 2:  # two batches a step
                give_factors(own, 10, rows)
            assert all((m.grad is None) == (optimizer is one and rows == 2 and not options.get("beta1")) for m in own)
            optimizer.step()
    for a, b in zip(held, plain, strict=True):
        torch.testing.assert_close(a, b)


def test_a_state_goes_from_factors_to_gradients_and_back():
    (held, one), (plain, other) = matrices(True), matrices(False)
    give_factors(held, 0), one.step(), one.zero_grad()
    with torch.no_grad():
        for a, b in zip(held, plain, strict=True):
            b.copy_(a)
    other.load_state_dict(copy.deepcopy(one.state_dict()))
    for own, optimizer in ((held, one), (plain, other)):
        give_factors(own, 1)
        optimizer.step()
        optimizer.zero_grad()
        assert not any(m.grad is not None or m.factors for m in own)
    one.load_state_dict(copy.deepcopy(other.state_dict()))
    for own, optimizer in ((held, one), (plain, other)):
        give_factors(own, 2)
        optimizer.step()
    for a, b in zip(held, plain, strict=True):
        torch.testing.assert_close(a, b)


@pytest.mark.parametrize(
    ("dtype", "shape", "options", "held"),
    [
        (torch.float32, (50, 6), {}, True),
        (torch.float32, (50, 6), {"fused": False}, False),
        (torch.float32, (50, 6), {"beta1": 0.9}, False),
        (torch.float32, (6, 50), {}, False),  # read as another matrix
        (torch.bfloat16, (50, 6), {}, False),  # too coarse
    ],
)
def test_which_gradients_stay_in_their_factors(dtype, shape, options, held):
    matrix = Matrix(torch.zeros(50, 6, dtype=dtype))
    FlatAdafactor([{"params": [matrix], "lr": 0.1, "shapes": [shape]}], **options)
    assert matrix.factors == ([] if held else None)
