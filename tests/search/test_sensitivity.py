"""Scores of units against loops over their own numbers and slopes by finite differences."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from deltalab.delta.bitfit import BitFit
from deltalab.delta.candidates import Candidates
from deltalab.delta.lora import Lora
from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack
from deltalab.search.sensitivity import gate_sensitivity, gradient_squares, magnitude


@pytest.fixture(scope="module")
def delta(backbone):
    methods = {"lora": Lora(rank=2, roles=("attn.q",)), "bias": BitFit(roles=("norm.*",))}
    return Candidates.of(methods, backbone).delta


def numbers_of(delta, i):
    """The positions in theta of the numbers of a unit, counted from the names of its tensors."""
    starts, first = {}, 0
    for spec in delta.layout.specs:
        starts[spec.name] = range(first, first + spec.size)
        first += spec.size
    return [j for spec in delta.units[i].specs for j in starts[spec.name]]


def test_gradient_squares_are_sums_over_the_numbers_of_a_unit(delta):
    gradients = torch.randn(3, delta.size, generator=torch.Generator().manual_seed(0)).double()
    found = gradient_squares(delta, gradients)
    for i in range(len(delta.units)):
        own = [sum(float(gradient[j]) ** 2 for j in numbers_of(delta, i)) for gradient in gradients]
        assert float(found[i]) == pytest.approx(sum(own) / 3)


def test_magnitude_is_the_norm_of_a_unit(delta):
    change = torch.randn(delta.size, generator=torch.Generator().manual_seed(1)).double()
    found = magnitude(delta, change)
    for i in range(len(delta.units)):
        assert float(found[i]) == pytest.approx(sum(float(change[j]) ** 2 for j in numbers_of(delta, i)) ** 0.5)


def test_a_unit_that_did_not_move_has_no_magnitude(delta):
    change = torch.zeros(delta.size)
    change[numbers_of(delta, 2)] = 3.0
    assert magnitude(delta, change).nonzero().flatten().tolist() == [2]


def test_gate_sensitivity_is_the_slope_of_the_mean_loss(delta, make_backbone, make_batch):
    backbone = make_backbone()
    backbone.model.double()
    delta = Candidates.of({"lora": Lora(rank=2, roles=("attn.q",)), "bias": BitFit(roles=("norm.*",))}, backbone).delta
    stack, batches = Stack(backbone), [make_batch(4, seed=seed) for seed in range(3)]
    noise = torch.randn(delta.size, generator=torch.Generator().manual_seed(0))
    theta, gates = (delta.layout.initial(0) + 0.1 * noise).double(), torch.ones(len(delta.units)).double()

    def loss(batch, at):
        logits = stack.logits(batch, [Segment(delta, theta, at)])
        return F.cross_entropy(logits.flatten(0, 1), batch.labels.flatten())

    leaf = gates.clone().requires_grad_()
    found = gate_sensitivity(torch.stack([torch.autograd.grad(loss(batch, leaf), leaf)[0] for batch in batches]))
    for i in (0, 4, len(gates) - 1):
        step = 1e-3 * torch.eye(len(gates)).double()[i]
        with torch.no_grad():
            rises = [float(loss(batch, gates + step) - loss(batch, gates - step)) / 2e-3 for batch in batches]
        assert float(found[i]) == pytest.approx(abs(sum(rises)) / 3, rel=1e-3)


def test_at_theta0_gates_feel_nothing_but_gradients_do(delta, backbone, batch):
    theta, gates = delta.layout.initial(0).requires_grad_(), torch.ones(len(delta.units)).requires_grad_()
    logits = Stack(backbone).logits(batch, [Segment(delta, theta, gates)])
    loss = F.cross_entropy(logits.flatten(0, 1), batch.labels.flatten())
    to_theta, to_gates = torch.autograd.grad(loss, (theta, gates))
    assert not gate_sensitivity(to_gates[None]).any()
    assert (gradient_squares(delta, to_theta[None]) > 0).all()
