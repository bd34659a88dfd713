"""Block by block is all at once."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from deltalab.subspace.products import combined, inner


def draw(*shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("columns", [0, 1, 2**16, 2**16 + 1, 3 * 2**16 - 5])
def test_products_are_numpys(columns):
    a, b, mix = draw(3, columns), draw(2, columns, seed=1), draw(3, 4, seed=2).double()
    expected = a.double().numpy() @ b.double().numpy().T
    np.testing.assert_allclose(inner(a, b).numpy(), expected, rtol=1e-10, atol=1e-9)
    assert combined(a, mix).dtype == a.dtype
    np.testing.assert_allclose(combined(a, mix).numpy(), a.double().numpy().T @ mix.numpy(), rtol=1e-5, atol=1e-5)


def test_rows_may_have_leading_dimensions():
    a, b = draw(2, 5, 7), draw(3, 7, seed=1)
    for i in range(2):
        for j in range(5):
            for k in range(3):
                assert inner(a, b)[i, j, k].item() == pytest.approx(float(a[i, j].double() @ b[k].double()))
    assert torch.equal(inner(a[0, 0], b), inner(a, b)[0, 0])


def test_small_numbers_are_not_lost_among_large_ones():
    a = torch.tensor([[1e8, 1.0, -1e8]])
    assert inner(a, torch.ones(1, 3)).item() == 1.0
