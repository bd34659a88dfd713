"""The shared subspace of the SVD against numpy's SVD of the whole matrix."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from deltalab.errors import UserError
from deltalab.subspace.svd import Svd

from .support import bound, moves, starts


@pytest.fixture(scope="module")
def deltas(backbone):
    return bound(backbone)


@pytest.fixture
def steps(deltas):
    """Steps whose singular values differ, of 8 tasks."""
    spread = torch.linspace(1, 3, 8)[:, None]
    return {name: spread * v for name, v in moves(deltas, 8).items()}


def lengths(steps):
    """c of each method by its definition."""
    return {name: np.sqrt(np.mean([np.dot(row, row) for row in v.double().numpy()])) for name, v in steps.items()}


def decomposed(steps):
    """Rows of the whole matrix, and numpy's SVD of it."""
    c = lengths(steps)
    rows = np.concatenate([v.double().numpy() / c[name] for name, v in steps.items()], axis=1)
    return rows, np.linalg.svd(rows, full_matrices=False)


def stacked(subspace, steps):
    """[W_1; W_2; ...] (sum D, d) from the up-projections."""
    c = lengths(steps)
    return np.concatenate([subspace[name].up.matrix.double().numpy() / c[name] for name in subspace.methods])


@pytest.mark.parametrize("dim", [1, 3, 8])
def test_columns_are_the_first_right_singular_vectors(deltas, steps, dim):
    subspace = Svd(dim).make(deltas, starts(deltas), steps, 0)
    _, (_, _, right) = decomposed(steps)
    found = stacked(subspace, steps)
    np.testing.assert_allclose(found.T @ found, np.eye(dim), atol=1e-5)
    for i in range(dim):
        assert abs(found[:, i] @ right[i]) == pytest.approx(1.0, abs=1e-4)  # a singular vector has no sign


@pytest.mark.parametrize("dim", [1, 3, 8])
def test_solutions_come_back_as_in_the_best_matrix_of_that_rank(deltas, steps, dim):
    subspace = Svd(dim).make(deltas, starts(deltas), steps, 0)
    rows, (left, values, right) = decomposed(steps)
    best = left[:, :dim] * values[:dim] @ right[:dim]
    shared = rows @ stacked(subspace, steps)
    c, sizes = lengths(steps), np.cumsum([delta.size for delta in deltas.values()])[:-1]
    for name, block in zip(deltas, np.split(best, sizes, axis=1), strict=True):
        decoded = subspace[name].up.step(torch.from_numpy(shared).float())
        np.testing.assert_allclose(decoded.numpy(), c[name] * block, atol=1e-3 * np.abs(c[name] * block).max())


def test_every_method_weighs_the_same(deltas, steps):
    longer = steps | {"adapter": 1000 * steps["adapter"]}
    one, other = (Svd(3).make(deltas, starts(deltas), v, 0) for v in (steps, longer))
    spaces = [stacked(subspace, v) for subspace, v in ((one, steps), (other, longer))]
    np.testing.assert_allclose(spaces[0] @ spaces[0].T, spaces[1] @ spaces[1].T, atol=1e-4)
    np.testing.assert_allclose(lengths(longer)["adapter"] / lengths(steps)["adapter"], 1000, rtol=1e-5)


def test_a_step_is_encoded_by_least_squares(deltas, steps):
    subspace = Svd(3).make(deltas, starts(deltas), steps, 0)
    for name, theta0 in starts(deltas).items():
        matrix = subspace[name].up.matrix.double().numpy()
        expected = np.linalg.lstsq(matrix, steps[name].double().numpy().T, rcond=None)[0].T
        np.testing.assert_allclose(subspace[name].code(steps[name]).numpy(), expected, rtol=1e-3, atol=1e-4)
        again = subspace.encode(name, theta0 + steps[name])
        np.testing.assert_allclose(again.numpy(), expected, rtol=1e-3, atol=1e-3)


def test_at_full_rank_one_code_gives_the_solutions_of_all_methods(deltas, steps):
    """Tasks along 2 directions shared by all methods: the codes of all methods agree."""
    weights = torch.randn(8, 2, generator=torch.Generator().manual_seed(3))
    shared = {name: weights @ v[:2] for name, v in steps.items()}
    subspace = Svd(2).make(deltas, starts(deltas), shared, 0)
    codes = [subspace[name].code(v) for name, v in shared.items()]
    for code, (name, v) in zip(codes, shared.items(), strict=True):
        torch.testing.assert_close(code, codes[0], rtol=1e-3, atol=1e-3)
        torch.testing.assert_close(subspace[name].up.step(codes[0]), v, rtol=1e-2, atol=1e-2 * v.abs().max().item())


def test_too_few_solutions_are_refused(deltas, steps):
    few = {name: v[:3] for name, v in steps.items()}
    told = (
        r"^subspace\.dim=4: the SVD of 3 solutions has rank 3; ask for at most 3, or for more solutions "
        r"\(subspace\.solutions\)$"
    )
    with pytest.raises(UserError, match=told):
        Svd(4).make(deltas, starts(deltas), few, 0)
    Svd(3).make(deltas, starts(deltas), few, 0)


def test_mixtures_of_solutions_add_no_rank(deltas, steps):
    weights = torch.randn(6, 2, generator=torch.Generator().manual_seed(3))
    mixtures = {name: weights @ v[:2] for name, v in steps.items()}
    with pytest.raises(UserError, match="the SVD of 6 solutions has rank 2; ask for at most 2"):
        Svd(3).make(deltas, starts(deltas), mixtures, 0)


def test_unequal_numbers_of_solutions_are_refused(deltas, steps):
    told = r"^subspace: the SVD needs as many .* of every method, but has 8 of 'lora', 7 of 'adapter', 8 of 'prefix'$"
    with pytest.raises(UserError, match=told):
        Svd(2).make(deltas, starts(deltas), steps | {"adapter": steps["adapter"][:7]}, 0)


def test_solutions_that_moved_nothing_are_refused(deltas, steps):
    with pytest.raises(UserError, match="no solution of 'prefix' differs from its theta0"):
        Svd(2).make(deltas, starts(deltas), steps | {"prefix": torch.zeros_like(steps["prefix"])}, 0)
