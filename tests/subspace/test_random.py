"""A random projection has the law it claims."""

from __future__ import annotations

import math

import pytest
import torch
from scipy.stats import kstest

from deltalab.subspace.random import Random

from .support import bound, starts

DIM = 20


@pytest.fixture(scope="module")
def deltas(backbone):
    return bound(backbone)


@pytest.fixture
def subspace(deltas):
    return Random(DIM).make(deltas, starts(deltas), None, 0)


def test_entries_are_normal_with_variance_one_over_size(deltas, subspace):
    for name, delta in deltas.items():
        entries = subspace[name].up.matrix.flatten().numpy()
        assert kstest(entries, "norm", args=(0, delta.size**-0.5)).pvalue > 1e-3


def test_a_step_is_about_as_long_as_its_code(subspace):
    z = torch.randn(50, DIM, generator=torch.Generator().manual_seed(1))
    for name in subspace.methods:
        ratio = subspace[name].up.step(z).norm(dim=1) / z.norm(dim=1)
        assert abs(ratio.mean().item() - 1) < 0.1


def test_one_dimension_does_not_lie_along_theta0(deltas):
    """Both are drawn, and the first method's from the beginning of a generator."""
    adapter = deltas["adapter"]
    count = adapter.layout.specs[0].size
    way = Random(1).make({"adapter": adapter}, starts(deltas), None, 0)["adapter"].up.matrix.flatten()[:count]
    assert abs(torch.cosine_similarity(way, adapter.layout.initial(0)[:count], dim=0)) < 4 / math.sqrt(count)


def test_methods_are_independent(subspace):
    one, other = (subspace[name].up.matrix.flatten()[:5000] for name in ("lora", "adapter"))
    assert abs(torch.corrcoef(torch.stack([one, other]))[0, 1].item()) < 5 / math.sqrt(5000)
