"""Inside autocast, codes and thetas are what they are outside of it."""

import pytest
import torch

from deltalab.subspace.down import Dense, Span, span
from deltalab.subspace.form import make_up
from deltalab.subspace.least_squares import LeastSquares
from deltalab.subspace.up import Linear

from .approximation import approximation

SIZE, DIM = 500, 6


def chance():
    return torch.Generator().manual_seed(0)


@pytest.mark.parametrize("collecting", [False, True])
@pytest.mark.parametrize("kind", ["linear", "two_layer", "fastfood", "fastfood_learned"])
def test_ways_up(kind, collecting):
    form = {"kind": kind, "hidden": 8, "activation": "tanh"}
    up = make_up(form, torch.zeros(SIZE), DIM, 0.3, chance())
    if collecting and hasattr(up, "matrix"):
        up.matrix.factors = []
    z = torch.randn(2, DIM, generator=chance())
    expected = up(z)
    with torch.autocast("cpu", torch.bfloat16):
        assert torch.equal(up(z), expected)
        assert torch.equal(up.step(z), up.step(z).float())


@pytest.mark.parametrize("kind", ["dense", "span", "least_squares"])
def test_ways_down(kind):
    v = torch.randn(3, SIZE, generator=chance())
    down = {
        "dense": lambda: Dense(SIZE, DIM, "tanh", 0.3, chance()),
        "span": lambda: Span(span(v), DIM, "tanh", 0.3, chance()),
        "least_squares": lambda: LeastSquares(Linear(torch.zeros(SIZE), DIM, 0.3, chance())),
    }[kind]()
    expected = down.encode(v)
    with torch.autocast("cpu", torch.bfloat16):
        assert torch.equal(down.encode(v), expected)
        assert torch.equal(down.code(down.coordinates(v)), expected)


def test_what_an_approximation_draws_and_is_judged_at(fresh, task):
    found = []
    for coarse in (False, True):
        module, _ = approximation(fresh(), task)
        with torch.autocast("cpu", torch.bfloat16, enabled=coarse):
            drawn = module.codes.draw(module.subspace)
            points = module.codes.points(module.subspace, 0)
        found.append([drawn.loss, *drawn.thetas.values(), *(z for one in points.values() for z in one.values())])
    assert all(torch.equal(one, other) for one, other in zip(*found, strict=True))
