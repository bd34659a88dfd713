"""Initial values have the law their name says."""

from __future__ import annotations

import math

import pytest
import torch

from deltalab.delta.initial import constant, copy, kaiming, normal, uniform, xavier


def draw(law, shape, seed=0):
    return law(shape, torch.Generator().manual_seed(seed))


def test_constants_are_constant():
    assert torch.equal(draw(constant(1.5), (2, 3)), torch.full((2, 3), 1.5))


def test_a_copy_keeps_its_numbers_in_float32():
    values = torch.randn(6, dtype=torch.bfloat16)
    drawn = draw(copy(values), (2, 3))
    assert drawn.dtype == torch.float32
    assert torch.equal(drawn.flatten(), values.float())


def test_normal_numbers_have_their_spread():
    drawn = draw(normal(0.02), (200, 200))
    assert float(drawn.std()) == pytest.approx(0.02, rel=0.02)
    assert abs(float(drawn.mean())) < 3e-4


@pytest.mark.parametrize(
    ("law", "bound"),
    [
        (uniform(0.3), 0.3),
        (kaiming(100), 0.1),
        (xavier(), math.sqrt(6 / 500)),
        (xavier(math.sqrt(2)), math.sqrt(12 / 500)),
    ],
)
def test_uniform_numbers_fill_their_interval(law, bound):
    drawn = draw(law, (200, 300))
    assert 0.999 * bound < float(drawn.max()) <= bound
    assert -bound <= float(drawn.min()) < -0.999 * bound
    assert float(drawn.std()) == pytest.approx(bound / math.sqrt(3), rel=0.02)


def test_xavier_looks_at_the_last_two_dimensions():
    assert float(draw(xavier(), (50, 2, 4)).abs().max()) == pytest.approx(1.0, rel=0.05)


@pytest.mark.parametrize("law", [normal(1.0), uniform(1.0), kaiming(4), xavier()])
def test_numbers_depend_on_the_seed_alone(law):
    assert torch.equal(draw(law, (3, 4), seed=1), draw(law, (3, 4), seed=1))
    assert not torch.equal(draw(law, (3, 4), seed=1), draw(law, (3, 4), seed=2))
