"""Up-projections against matrices written out."""

from __future__ import annotations

import pytest
import torch
from scipy.linalg import hadamard as matrix

from deltalab.subspace.hadamard import hadamard
from deltalab.subspace.up import Fastfood, Linear, TwoLayer

SIZE, DIM = 11, 3


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.fixture
def theta0():
    return torch.randn(SIZE, generator=generator(5))


@pytest.mark.parametrize("size", [1, 2, 8, 64])
def test_hadamard_is_scipys(size):
    x = torch.randn(3, size, dtype=torch.float64, generator=generator())
    assert torch.allclose(hadamard(x), x @ torch.tensor(matrix(size), dtype=torch.float64))


def test_hadamards_gradient():
    x = torch.randn(2, 8, dtype=torch.float64, generator=generator(), requires_grad=True)
    assert torch.autograd.gradcheck(hadamard, x)
    assert torch.autograd.gradgradcheck(hadamard, x)


def test_no_power_of_two_is_refused():
    with pytest.raises(ValueError, match="12 entries"):
        hadamard(torch.zeros(12))


def test_linear(theta0):
    up = Linear(theta0, DIM, 0.5, generator())
    z = torch.randn(2, 4, DIM, generator=generator(1))
    assert torch.allclose(up(z), theta0 + torch.einsum("dk,abk->abd", up.matrix, z), atol=1e-6)
    given = torch.randn(SIZE, DIM)
    assert torch.equal(Linear(theta0, DIM, 0.5, generator(), given).matrix, given)


def test_two_layers_and_zero(theta0):
    up = TwoLayer(theta0, DIM, 5, "tanh", 0.5, generator())
    z = torch.randn(4, DIM, generator=generator(1))
    assert torch.allclose(up(z), theta0 + torch.tanh(z @ up.inner.T) @ up.matrix.T)
    assert torch.equal(up(torch.zeros(DIM)), theta0)  # theta0 is never left out


def written_out(up):
    """The Fastfood map as a matrix (n, n)."""
    size = up.signs.shape[0]
    transform = torch.tensor(matrix(size), dtype=torch.float64)
    order = torch.eye(size, dtype=torch.float64)[up.order]
    scales = up.scales.detach().double()
    whole = transform @ torch.diag(scales) @ order @ transform @ torch.diag(up.signs.double())
    return whole / (size * scales.pow(2).mean().sqrt())


@pytest.mark.parametrize("learned", [False, True])
def test_fastfood_is_its_matrix(theta0, learned):
    up = Fastfood(theta0, DIM, learned, generator())
    z = torch.randn(4, DIM, generator=generator(1))
    by_matrix = z.double() @ written_out(up)[:SIZE, :DIM].T
    assert torch.allclose(up(z).double(), theta0 + by_matrix, atol=1e-5)
    assert up.scales.requires_grad == learned
    assert len(list(up.buffers())) == 3  # what was drawn is kept with the weights


def test_fixed_fastfood_is_orthogonal(theta0):
    whole = written_out(Fastfood(theta0, DIM, False, generator()))
    assert torch.allclose(whole @ whole.T, torch.eye(16, dtype=torch.float64), atol=1e-12)


def test_fastfood_keeps_lengths_on_average():
    theta0 = torch.zeros(1024)
    z = torch.randn(64, 16, generator=generator(1))
    for learned in (False, True):
        steps = Fastfood(theta0, 16, learned, generator()).step(z)
        assert 0.9 < (steps.norm(dim=1) / z.norm(dim=1)).mean().item() < 1.1


def test_fastfoods_gradients_by_differences(theta0):
    up = Fastfood(theta0.double(), DIM, True, generator()).double()
    z = torch.randn(2, DIM, dtype=torch.float64, generator=generator(1), requires_grad=True)
    assert torch.autograd.gradcheck(
        lambda code, scales: torch.func.functional_call(up, {"scales": scales}, (code,)), (z, up.scales)
    )


def test_another_seed_is_another_map(theta0):
    one, same, other = (Fastfood(theta0, DIM, True, generator(seed)) for seed in (0, 0, 1))
    z = torch.ones(DIM)
    assert torch.equal(one(z), same(z))
    assert not torch.equal(one(z), other(z))
