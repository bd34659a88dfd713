"""The span form is the dense one seen from the solutions."""

from __future__ import annotations

import pytest
import torch

from deltalab.subspace.down import Dense, Span, span

SIZE, DIM = 50, 4


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.fixture
def solutions():
    return torch.randn(6, SIZE, generator=generator(1))


def test_a_code_by_hand(solutions):
    down = Dense(SIZE, DIM, "tanh", 0.3, generator())
    for v, code in zip(solutions, down.encode(solutions), strict=True):
        hidden = [
            torch.tanh(sum(w * x for w, x in zip(row, v, strict=True)) + b)
            for row, b in zip(down.first, down.first_bias, strict=True)
        ]
        by_hand = [
            sum(w * h for w, h in zip(row, hidden, strict=True)) + b
            for row, b in zip(down.second, down.second_bias, strict=True)
        ]
        assert torch.allclose(code, torch.stack(by_hand), atol=1e-5)


def test_the_basis_is_orthonormal_and_spans(solutions):
    basis = span(solutions)
    assert basis.shape == (6, SIZE)
    assert torch.allclose(basis @ basis.T, torch.eye(6), atol=1e-5)
    assert torch.allclose(solutions @ basis.T @ basis, solutions, atol=1e-4)


def test_what_repeats_adds_no_direction(solutions):
    doubled = torch.cat([solutions, 2 * solutions[:2], solutions[:1] - solutions[1:2]])
    assert span(doubled).shape == (6, SIZE)
    with pytest.raises(ValueError, match="no solution differs"):
        span(torch.zeros(3, SIZE))


@pytest.mark.parametrize("act", ["tanh", "gelu", "leaky_relu"])
def test_span_and_dense_are_the_same_function_on_the_solutions(solutions, act):
    down = Span(span(solutions), DIM, act, 0.5, generator())
    dense = down.dense(generator())
    assert torch.allclose(down.encode(solutions), dense.encode(solutions), atol=1e-5)
    within = torch.randn(3, 6, generator=generator(2)) @ solutions
    assert torch.allclose(down.encode(within), dense.encode(within), atol=1e-4)
    outside = torch.randn(2, SIZE, generator=generator(3))
    projected = outside @ down.basis.T @ down.basis
    assert torch.allclose(down.encode(outside), dense.encode(projected), atol=1e-4)
    assert down.first.numel() == DIM * 6
    assert dense.first.numel() == DIM * SIZE


def test_a_gradient_step_is_the_same_too(solutions):
    """What the dense form learns from these solutions stays in their span."""
    down = Span(span(solutions), DIM, "tanh", 0.5, generator())
    dense = down.dense(generator())
    target = torch.randn(6, DIM, generator=generator(4))
    for _ in range(5):
        for module in (down, dense):
            loss = (module.encode(solutions) - target).pow(2).sum()
            module.zero_grad()
            loss.backward()
            with torch.no_grad():
                for parameter in module.parameters():
                    parameter -= 0.01 * parameter.grad
        assert torch.allclose(down.encode(solutions), dense.encode(solutions), atol=1e-4)


def test_coordinates_are_enough(solutions):
    for down in (Dense(SIZE, DIM, "gelu", 0.1, generator()), Span(span(solutions), DIM, "gelu", 0.1, generator())):
        assert torch.equal(down.code(down.coordinates(solutions)), down.encode(solutions))
