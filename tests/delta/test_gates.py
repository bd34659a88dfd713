"""A gate switches one unit."""

from __future__ import annotations

import pytest
import torch

from deltalab.delta.method import Delta
from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack

from .helpers import GATED, bind, error, perturbed, same

# The gate of a prompt scales its vectors; their places stay attended, so closing it is not leaving it out.
OPEN = ["prompt"]
REMOVED = [name for name in GATED if name not in OPEN]


def without(delta, dropped, theta):
    """The delta of all units but those at `dropped`, and its theta."""
    rest = Delta("rest", delta.backbone, [unit for i, unit in enumerate(delta.units) if i not in dropped])
    tensors = delta.layout.unflatten(theta)
    return rest, rest.layout.flatten({name: tensors[name] for name in rest.layout.index()})


@pytest.mark.parametrize("name", GATED)
def test_open_gates_are_no_gates(name, backbone, batch):
    delta, stack = bind(name, backbone), Stack(backbone)
    theta = perturbed(delta, 2)
    expected = stack.logits(batch, [Segment(delta, theta)])
    same(stack.logits(batch, [Segment(delta, theta, torch.ones(2, len(delta.units)))]), expected, 1e-6)


@pytest.mark.parametrize("name", GATED)
def test_methods_say_whether_a_gate_leaves_them_out(name, backbone):
    assert bind(name, backbone).method.closes == (name not in OPEN)


@pytest.mark.parametrize("attention", ["sdpa", "eager"])
@pytest.mark.parametrize("name", REMOVED)
def test_closed_gates_leave_the_backbone(name, attention, backbone, batch):
    delta, frozen, stack = bind(name, backbone), bind("frozen", backbone), Stack(backbone, attention)
    expected = stack.logits(batch, [Segment(frozen, torch.zeros(0))])
    same(stack.logits(batch, [Segment(delta, perturbed(delta, 2), torch.zeros(2, len(delta.units)))]), expected)


@pytest.mark.parametrize("name", REMOVED)
@pytest.mark.parametrize("rows", [1, 4])
def test_a_closed_gate_leaves_its_unit_out(name, rows, backbone, make_batch):
    batch = make_batch(rows)  # one row has no padding
    delta, stack = bind(name, backbone), Stack(backbone)
    theta, gates = perturbed(delta), torch.ones(len(delta.units))
    dropped = set(range(0, len(delta.units), 3))
    gates[list(dropped)] = 0.0
    rest, part = without(delta, dropped, theta)
    same(stack.logits(batch, [Segment(delta, theta, gates)]), stack.logits(batch, [Segment(rest, part)]))


@pytest.mark.parametrize("attention", ["sdpa", "eager"])
@pytest.mark.parametrize("name", GATED)
def test_the_gradient_of_a_gate_is_the_slope_of_the_error(name, attention, make_backbone, batch):
    backbone = make_backbone()
    backbone.model.double()
    delta, stack = bind(name, backbone), Stack(backbone, attention)
    theta = perturbed(delta, 2).double()
    gates = 0.1 + 0.8 * torch.rand(2, len(delta.units), generator=torch.Generator().manual_seed(0)).double()

    def measured(at):
        return error(stack.logits(batch, [Segment(delta, theta, at)]), batch, torch.float64)

    leaf = gates.clone().requires_grad_()
    (slope,) = torch.autograd.grad(measured(leaf), leaf)
    assert (slope != 0).all()
    steepest, step = slope / slope.norm(), 1e-3
    rise = measured(gates + step * steepest) - measured(gates - step * steepest)
    assert float(rise) / (2 * step) == pytest.approx(float(slope.norm()), rel=2e-3)


@pytest.mark.parametrize("name", GATED)
def test_gradients_are_finite_where_gates_are_closed(name, backbone, batch):
    delta, stack = bind(name, backbone), Stack(backbone)
    theta = perturbed(delta, 2).requires_grad_()
    gates = (torch.arange(2 * len(delta.units)).view(2, -1) % 2).float().requires_grad_()
    error(stack.logits(batch, [Segment(delta, theta, gates)]), batch).backward()
    assert theta.grad.isfinite().all()
    assert gates.grad.isfinite().all()


def test_full_fine_tuning_refuses_gates(backbone, batch):
    full = bind("full", backbone)
    with pytest.raises(ValueError, match="it takes no gates"):
        Stack(backbone).logits(batch, [Segment(full, full.layout.initial(0), torch.ones(1))])
