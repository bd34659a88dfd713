"""Principal components of several methods' solutions against numpy's SVD of the whole matrix."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from deltalab.subspace.components import components


@pytest.fixture
def steps():
    chance = torch.Generator().manual_seed(0)
    spread = torch.linspace(1, 3, 7)[:, None]
    return {
        "a": spread * torch.randn(7, 50, generator=chance),
        "b": 100 * spread * torch.randn(7, 30, generator=chance),
    }


def decomposed(steps):
    """numpy's SVD of [v_1 / c_1, v_2 / c_2]."""
    scaled = [v.double().numpy() / np.sqrt((v.double().numpy() ** 2).sum(1).mean()) for v in steps.values()]
    return np.linalg.svd(np.concatenate(scaled, axis=1), full_matrices=False)


@pytest.mark.parametrize("dim", [1, 4, 7])
def test_codes_and_mix_are_those_of_the_svd(steps, dim):
    left, values, _ = decomposed(steps)
    mix, codes = components(steps, dim)
    signs = np.sign((left[:, :dim] * codes.numpy()).sum(0))  # a singular vector has no sign
    np.testing.assert_allclose(codes.numpy(), signs * left[:, :dim] * values[:dim], rtol=1e-6)
    np.testing.assert_allclose(mix.numpy(), signs * left[:, :dim] / values[:dim], rtol=1e-6)


def test_there_are_no_more_than_the_rank(steps):
    twice = {name: torch.cat([v, v[:2]]) for name, v in steps.items()}
    assert [part.shape for part in components(twice, 20)] == [(9, 7), (9, 7)]
    mix, codes = components(twice, 20)
    for v in twice.values():
        np.testing.assert_allclose((codes @ mix.T @ v.double()).numpy(), v.numpy(), rtol=1e-5, atol=1e-5)
