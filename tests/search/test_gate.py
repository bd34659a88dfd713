"""Gates against the closed forms of their distributions, and their gradients for fixed noise."""

from __future__ import annotations

import math

import pytest
import torch

from deltalab.errors import UserError
from deltalab.search.decay import Decay
from deltalab.search.gate import Gate, Temperature, logistic_noise

P = torch.tensor([0.0136, 0.0545, 0.3, 0.5, 0.9], dtype=torch.float64)
LOGITS = P.logit()
DRAWS = 40_000


@pytest.fixture(scope="module")
def noise():
    return logistic_noise(DRAWS * len(P), torch.Generator().manual_seed(1)).view(DRAWS, len(P))


def close(actual, expected):
    """Within four standard errors of a mean of DRAWS numbers in [0, 1]."""
    torch.testing.assert_close(actual, expected, rtol=0, atol=4 * 0.5 / math.sqrt(DRAWS))


def test_the_noise_is_logistic():
    """P(x <= a) = sigmoid(a), and one generator's state gives one noise."""
    drawn, again = (logistic_noise(DRAWS, torch.Generator().manual_seed(3)) for _ in range(2))
    assert torch.equal(drawn, again)
    at = torch.tensor([-3.0, -1.0, 0.0, 0.5, 2.0], dtype=torch.float64)
    close((drawn[:, None] <= at).double().mean(0), at.sigmoid())
    assert drawn.isfinite().all()


@pytest.mark.parametrize("kind", ["straight_through", "published_hard"])
@pytest.mark.parametrize("temperature", [0.1, 1.0, 5.0])
@pytest.mark.parametrize("stretch", [(0.0, 1.0), (-0.1, 1.1)])
def test_hard_gates_are_open_with_probability_p(kind, temperature, stretch, noise):
    z = Gate(kind, *stretch)(LOGITS, noise, temperature)
    assert set(z.unique().tolist()) == {0.0, 1.0}
    close(z.mean(0), P)


def test_the_mean_of_the_concrete_gate_at_temperature_1_has_a_closed_form(noise):
    """E[a u / (1 + (a - 1) u)] = a / (a - 1) - a log a / (a - 1)^2 with odds a: 0.124 where p is 0.0545."""
    a = P / (1 - P)
    expected = torch.where(a == 1, 0.5, a / (a - 1) - a * a.log() / (a - 1).where(a != 1, 1.0) ** 2)
    assert float(expected[1]) == pytest.approx(0.124, abs=5e-4)
    close(Gate("concrete")(LOGITS, noise).mean(0), expected)


def test_a_concrete_gate_approaches_a_coin_as_its_temperature_falls(noise):
    z = Gate("concrete")(LOGITS, noise, 1e-3)
    close(((z < 0.01) | (z > 0.99)).double().mean(0), torch.ones_like(P))
    close(z.mean(0), P)


@pytest.mark.parametrize("temperature", [0.4, 1.0, 2.0])
def test_hard_concrete_gates_close_as_often_as_their_closed_form_says(temperature, noise):
    """P(z = 0) = sigmoid(T log(-l / r) - logit p); P(z = 1) = sigmoid(logit p - T log((1 - l) / (r - 1)))."""
    low, high = -0.2, 1.1
    z = Gate("concrete", low, high)(LOGITS, noise, temperature)
    closed = torch.sigmoid(temperature * math.log(-low / high) - LOGITS)
    full = torch.sigmoid(LOGITS - temperature * math.log((1 - low) / (high - 1)))
    close((z == 0).double().mean(0), closed)
    close((z == 1).double().mean(0), full)
    torch.testing.assert_close(Gate("concrete", low, high).open_probability(LOGITS, temperature), 1 - closed)


def test_soft_gates_are_p_whatever_the_noise(noise):
    torch.testing.assert_close(Gate("soft")(LOGITS, noise[0], 0.2), P)
    stretched = Gate("soft", -0.1, 1.2)(LOGITS, noise[0])
    torch.testing.assert_close(stretched, (P * 1.3 - 0.1).clamp(0, 1))


@pytest.mark.parametrize("kind", ["soft", "concrete"])
@pytest.mark.parametrize("temperature", [0.5, 1.0])
@pytest.mark.parametrize("stretch", [(0.0, 1.0), (-0.1, 1.1)])
def test_gradients_for_fixed_noise_are_those_of_finite_differences(kind, temperature, stretch, noise):
    gate = Gate(kind, *stretch)
    assert torch.autograd.gradcheck(lambda at: gate(at, noise[7], temperature), LOGITS.clone().requires_grad_())


def slopes(gate, noise):
    logits = LOGITS.clone().requires_grad_()
    return torch.autograd.grad(gate(logits, noise, 0.5).sum(), logits)[0]


def test_straight_through_borrows_the_gradient_of_the_concrete_gate(noise):
    for row in noise[:20]:
        assert torch.equal(slopes(Gate("straight_through"), row), slopes(Gate("concrete"), row))


def test_published_hard_gates_have_no_gradient_where_they_are_closed(noise):
    for row in noise[:20]:
        on = LOGITS + row > 0
        assert torch.equal(slopes(Gate("published_hard"), row), slopes(Gate("concrete"), row) * on)


@pytest.mark.parametrize(("kind", "value"), [("published_hard", 1.0), ("straight_through", 1.0), ("concrete", 0.9)])
def test_where_all_gates_are_closed_the_likeliest_is_rescued(kind, value):
    closing = torch.full_like(P, -40.0)
    stretch = (-0.1, 1.1) if kind == "concrete" else (0.0, 1.0)
    assert Gate(kind, *stretch)(LOGITS, closing, 0.5).tolist() == [0, 0, 0, 0, 0]
    logits = LOGITS.clone().requires_grad_()
    z = Gate(kind, *stretch, rescue=True)(logits, closing, 0.5)
    assert z.tolist() == pytest.approx([0, 0, 0, 0, value])
    # For hard gates the borrowed slopes of the closed ones are there as well, but vanishingly small.
    expected = torch.tensor([0, 0, 0, 0, 0.09], dtype=torch.float64)
    torch.testing.assert_close(torch.autograd.grad(z.sum(), logits)[0], expected)


def test_nobody_is_rescued_where_one_gate_is_open():
    noise = torch.tensor([40.0, -40.0, -40.0, -40.0, -40.0], dtype=torch.float64)
    assert Gate("published_hard", rescue=True)(LOGITS, noise).tolist() == [1, 0, 0, 0, 0]


@pytest.mark.parametrize("kind", ["soft", "concrete", "straight_through", "published_hard"])
def test_certain_units_are_open_and_have_finite_gradients(kind, noise):
    logits = torch.full_like(P, math.inf).requires_grad_()
    z = Gate(kind, -0.1, 1.1, rescue=True)(logits, noise[0], 0.3)
    assert z.tolist() == [1] * 5
    assert torch.autograd.grad(z.sum(), logits)[0].tolist() == [0] * 5


def test_temperatures_move_from_start_to_end():
    assert [Temperature(0.7).at(step) for step in (0, 50)] == [0.7, 0.7]
    annealed = Temperature(0.5, start=2.0, decay=Decay("exponential", 2))
    assert [annealed.at(step) for step in range(4)] == pytest.approx([2, 1, 0.5, 0.5])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Gate("hard"), r"^kind: unknown kind 'hard'; "),
        (lambda: Gate("concrete", low=0.1), r"^low=0\.1: low is at most 0"),
        (lambda: Gate("concrete", high=0.9), r"^low=0\.0: .* high, here 0\.9, at least 1$"),
        (lambda: Temperature(0.0), r"^search\.temperature\.end=0\.0: a finite number above 0$"),
        (
            lambda: Temperature(1.0, -1.0, Decay("linear", 3)),
            r"^search\.temperature\.start=-1\.0: a finite number above 0$",
        ),
        (lambda: Temperature(1.0, start=2.0), r"^search\.temperature: start=2\.0 with a constant decay; a start goes"),
        (lambda: Temperature(1.0, decay=Decay("linear", 3)), r"^search\.temperature: start=None with a linear decay"),
    ],
)
def test_mistakes_are_one_line(make, message):
    with pytest.raises(UserError, match=message):
        make()
