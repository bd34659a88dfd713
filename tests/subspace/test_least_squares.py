"""Codes by least squares against numpy's."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from deltalab.subspace.least_squares import LeastSquares
from deltalab.subspace.up import Linear

SIZE, DIM = 40, 4


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.fixture
def up():
    return Linear(torch.randn(SIZE, generator=generator(1)), DIM, 0.5, generator())


def test_codes_are_numpys(up):
    v = torch.randn(5, SIZE, generator=generator(2))
    expected = np.linalg.lstsq(up.matrix.detach().double().numpy(), v.double().numpy().T, rcond=None)[0].T
    codes = LeastSquares(up).encode(v)
    assert codes.dtype == v.dtype
    np.testing.assert_allclose(codes.detach().numpy(), expected, rtol=1e-5, atol=1e-6)


def test_what_was_decoded_is_encoded_back(up):
    z = torch.randn(2, 3, DIM, generator=generator(3))
    torch.testing.assert_close(LeastSquares(up).encode(up.step(z)), z, rtol=1e-4, atol=1e-5)


def test_columns_of_unequal_length_lose_nothing(up):
    with torch.no_grad():
        up.matrix *= torch.tensor([1.0, 1e-2, 1e-3, 10.0])
    z = torch.randn(3, DIM, generator=generator(3))
    torch.testing.assert_close(LeastSquares(up).encode(up.step(z)), z, rtol=1e-2, atol=1e-2)


def test_of_many_codes_the_shortest(up):
    with torch.no_grad():
        up.matrix[:, 1] = up.matrix[:, 0] + up.matrix[:, 2]
    v = torch.randn(2, SIZE, generator=generator(2))
    matrix = up.matrix.detach().double().numpy()
    expected = np.linalg.lstsq(matrix, v.double().numpy().T, rcond=1e-6)[0].T
    np.testing.assert_allclose(LeastSquares(up).encode(v).detach().numpy(), expected, rtol=1e-4, atol=1e-5)


def test_it_holds_no_numbers_of_its_own(up):
    assert {id(p) for p in LeastSquares(up).parameters()} == {id(p) for p in up.parameters()}
