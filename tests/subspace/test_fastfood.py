"""A fixed Fastfood subspace against its matrices written out."""

from __future__ import annotations

import pytest
import torch

from deltalab.subspace.fastfood import RandomFastfood

from .support import bound, starts
from .test_up import written_out

DIM = 5


@pytest.fixture(scope="module")
def deltas(backbone):
    return bound(backbone)


def test_it_decodes_by_orthogonal_matrices(deltas):
    theta0 = starts(deltas)
    subspace = RandomFastfood(DIM).make(deltas, theta0, None, 0)
    z = torch.randn(4, DIM, generator=torch.Generator().manual_seed(1))
    for name, delta in deltas.items():
        whole = written_out(subspace[name].up)
        identity = torch.eye(len(whole), dtype=torch.float64)
        torch.testing.assert_close(whole @ whole.T, identity, rtol=0, atol=1e-10)
        by_matrix = theta0[name] + z.double() @ whole[: delta.size, :DIM].T
        torch.testing.assert_close(subspace.decode(name, z).double(), by_matrix, rtol=1e-4, atol=1e-5)


def test_it_holds_few_numbers(deltas):
    subspace = RandomFastfood(DIM).make(deltas, starts(deltas), None, 0)
    for name, delta in deltas.items():
        padded = subspace[name].up.signs.numel()
        assert delta.size <= padded < 2 * delta.size
        assert {tuple(p.shape) for p in subspace[name].parameters()} == {(padded,)}


def test_methods_have_signs_of_their_own(deltas):
    subspace = RandomFastfood(DIM).make(deltas, starts(deltas), None, 0)
    signs = [subspace[name].up.signs[:512] for name in deltas]
    assert 150 < (signs[0] == signs[1]).sum() < 362
