"""Weights on the simplex have the means and the spread of their distributions."""

from __future__ import annotations

import pytest
import torch

from deltalab.errors import UserError
from deltalab.subspace.mixing import fixed_points, mixing


@pytest.fixture
def generator():
    return torch.Generator().manual_seed(0)


@pytest.mark.parametrize("name", ["dirichlet", "published"])
@pytest.mark.parametrize("methods", [1, 2, 3, 5])
def test_on_the_simplex(name, methods, generator):
    weights = mixing(name, 1000, methods, generator)
    assert weights.shape == (1000, methods)
    assert (weights >= 0).all()
    assert torch.allclose(weights.sum(1), torch.ones(1000), atol=1e-5)


def test_dirichlets_moments(generator):
    weights = mixing("dirichlet", 40_000, 4, generator).double()
    exact = torch.distributions.Dirichlet(torch.ones(4, dtype=torch.float64))
    assert torch.allclose(weights.mean(0), exact.mean, atol=0.005)
    assert torch.allclose(weights.var(0), exact.variance, atol=0.002)


def test_the_published_means(generator):
    weights = mixing("published", 40_000, 3, generator)
    assert torch.allclose(weights.mean(0), torch.tensor([0.5, 0.25, 0.25]), atol=0.005)


def test_fixed_points():
    points = fixed_points(3)
    assert torch.equal(points[:3], torch.eye(3))
    assert torch.allclose(points[3], torch.full((3,), 1 / 3))


def test_an_unknown_mixing(generator):
    with pytest.raises(UserError, match=r"subspace\.mixture: unknown mixture 'dirichlett'; did you mean dirichlet"):
        mixing("dirichlett", 1, 3, generator)
