"""Codes that are trained themselves: one a task, the same for every method."""

from __future__ import annotations

import pytest
import torch
from scipy.stats import kstest

from deltalab.subspace.free import Free
from deltalab.subspace.joint import Joint

from .support import bound, starts

DIM = 5


@pytest.fixture(scope="module")
def subspace(backbone):
    deltas = bound(backbone)
    return Joint(DIM).make(deltas, starts(deltas), None, 0)


@pytest.fixture
def codes():
    return Free(200, DIM, torch.Generator().manual_seed(3))


def test_they_are_normal_at_first_by_the_seed(codes):
    assert codes.z.shape == (200, DIM)
    assert kstest(codes.z.detach().flatten().numpy(), "norm", args=(0, 0.02)).pvalue > 1e-3
    assert torch.equal(codes.z, Free(200, DIM, torch.Generator().manual_seed(3)).z)
    assert not torch.equal(codes.z, Free(200, DIM, torch.Generator().manual_seed(4)).z)


def test_every_method_decodes_them_and_sends_gradients_back(codes, subspace):
    drawn = codes.draw(subspace)
    assert list(drawn.thetas) == subspace.methods
    for name, theta in drawn.thetas.items():
        assert torch.equal(theta, subspace.decode(name, codes.z))
    assert (drawn.loss.item(), dict(drawn.log)) == (0.0, {})
    sum((i + 1) * theta[i].sum() for i, theta in enumerate(drawn.thetas.values())).backward()
    expected = [(i + 1) * subspace[name].up.matrix.sum(0) for i, name in enumerate(subspace.methods)]
    torch.testing.assert_close(codes.z.grad[:4], torch.stack([*expected, torch.zeros(DIM)]))


def test_a_task_is_judged_at_its_code(codes, subspace):
    points = codes.points(subspace, 7)
    assert {name: list(places) for name, places in points.items()} == {name: ["code"] for name in subspace.methods}
    for places in points.values():
        assert torch.equal(places["code"], codes.z[7])
    start = codes.start(subspace, 7)
    assert torch.equal(start, codes.z[7])
    assert not start.requires_grad


def test_there_is_nothing_to_measure(codes, subspace):
    assert codes.measures(subspace) == {"distance": {}, "relative_error": {}}
