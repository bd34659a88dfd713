"""Factors of a gradient say what the gradient itself would, against the dense computation."""

import pytest
import torch

from deltalab.optimizer.factors import Factors, Matrix, product

N, M = 40, 12


def numbers(*shape, seed=0, dtype=torch.float64):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


def collecting(dtype=torch.float64):
    matrix = Matrix(numbers(N, M, dtype=dtype))
    matrix.factors = []
    return matrix


def usual(matrix):
    return torch.nn.Parameter(matrix.detach().clone())


@pytest.mark.parametrize("rank", [1, 3, N])
def test_what_follows_from_factors_is_what_follows_from_their_product(rank):
    factors = Factors(numbers(rank, N), numbers(rank, M, seed=1))
    dense = torch.einsum("rn,rm->nm", factors.left, factors.right)
    torch.testing.assert_close(factors.dense(), dense)
    torch.testing.assert_close(factors.norm(), dense.pow(2).sum().sqrt())
    rows, columns = factors.squares()
    torch.testing.assert_close(rows, dense.pow(2).sum(1))
    torch.testing.assert_close(columns, dense.pow(2).sum(0))
    a, b = numbers(N, seed=2), numbers(M, seed=3)
    torch.testing.assert_close(factors.scaled(a, b).dense(), a[:, None] * dense * b)
    assert factors.small == (rank * (N + M) < N * M)


def test_squares_of_rows_that_nearly_cancel_keep_their_sign_and_size():
    right = numbers(1, M, dtype=torch.float32).repeat(2, 1)
    right[1] *= 1 + 1e-3
    left = numbers(1, N, dtype=torch.float32).repeat(2, 1) * torch.tensor([[1.0], [-1.0]])
    factors = Factors(left, right)
    exact = (left.double().T @ right.double()).pow(2)
    torch.testing.assert_close(factors.squares()[0].double(), exact.sum(1), rtol=1e-2, atol=0)


def test_factors_longer_than_one_block_are_summed_whole():
    factors = Factors(numbers(2, 2**16 + 5, dtype=torch.float32), numbers(2, 3, seed=1, dtype=torch.float32))
    dense = factors.left.double().T @ factors.right.double()
    torch.testing.assert_close(factors.norm().double(), dense.norm(), rtol=1e-5, atol=0)
    torch.testing.assert_close(factors.squares()[1].double(), dense.pow(2).sum(0), rtol=1e-5, atol=0)


@pytest.mark.parametrize("shape", [(M,), (1, M), (5, M), (2, 3, M)], ids=str)
def test_a_product_and_its_gradients_are_those_of_the_plain_one(shape):
    matrix, weight = collecting(), numbers(*shape[:-1], N, seed=4)
    x, plain = numbers(*shape, seed=1).requires_grad_(), numbers(*shape, seed=1).requires_grad_()
    other = usual(matrix)
    y, expected = product(x, matrix), plain @ other.T
    torch.testing.assert_close(y, expected)
    for one in (y, expected):
        (one * weight).sum().backward()
    torch.testing.assert_close(x.grad, plain.grad)
    assert matrix.grad is None
    assert len(matrix.factors) == 1
    matrix.settle()
    torch.testing.assert_close(matrix.grad, other.grad)
    assert not matrix.factors


def test_gradients_of_several_products_and_of_other_uses_add_up():
    matrix, other = collecting(), usual(collecting())
    for one in (matrix, other):
        for seed in (1, 2):
            (product(numbers(2, M, seed=seed), one) ** 2).sum().backward()
        one.sum().backward()
    assert [len(one.left) for one in matrix.factors] == [2, 2]
    matrix.settle()
    torch.testing.assert_close(matrix.grad, other.grad)


def test_a_gradient_that_has_no_small_factors_is_an_ordinary_one():
    matrix, other = collecting(), usual(collecting())
    for one in (matrix, other):
        product(numbers(M, M, seed=1), one).pow(2).sum().backward()
    assert matrix.factors == []
    torch.testing.assert_close(matrix.grad, other.grad)


def test_nothing_is_collected_of_what_does_not_train():
    matrix = collecting().requires_grad_(False)
    x = numbers(2, M).requires_grad_()
    product(x, matrix).sum().backward()
    assert matrix.factors == []
    assert x.grad is not None
    with torch.no_grad():
        assert torch.equal(product(x, matrix), x @ matrix.T)
    unasked = Matrix(numbers(N, M))
    product(x.detach(), unasked).sum().backward()
    assert unasked.factors is None
    assert unasked.grad is not None


def test_a_copy_collects_nothing():
    matrix = collecting()
    copied = torch.nn.Parameter.__deepcopy__(matrix, {})
    assert isinstance(copied, Matrix)
    assert copied.factors is None
    assert torch.equal(copied, matrix)
