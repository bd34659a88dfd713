"""Gates on the numbers of a theta."""

from __future__ import annotations

import pytest
import torch

from deltalab.delta.gating import Gating
from deltalab.delta.initial import constant
from deltalab.delta.layout import Spec
from deltalab.delta.method import Delta, Unit

NUMBERS = [torch.tensor([1, 2]), torch.tensor([], dtype=torch.long), torch.tensor([6, 0, 4])]
SIZE = 8


def naive(theta, gates):
    """Number by number."""
    owner = {number: unit for unit, numbers in enumerate(NUMBERS) for number in numbers.tolist()}
    columns = [theta[:, i] * gates[:, owner[i]] if i in owner else theta[:, i] for i in range(SIZE)]
    return torch.stack(columns, 1)


@pytest.fixture
def given():
    chance = torch.Generator().manual_seed(0)
    return [torch.randn(2, n, generator=chance, dtype=torch.float64).requires_grad_() for n in (SIZE, len(NUMBERS))]


def test_every_number_is_multiplied_by_the_gate_of_its_unit(given):
    torch.testing.assert_close(Gating(NUMBERS, SIZE)(*given), naive(*given))


def test_gradients_are_those_of_a_loop(given):
    weights = torch.arange(2.0 * SIZE).view(2, SIZE).double()

    def gradients(gate):
        return torch.autograd.grad((gate(*given) * weights).sum(), given)

    for one, expected in zip(gradients(Gating(NUMBERS, SIZE)), gradients(naive), strict=True):
        torch.testing.assert_close(one, expected)


def test_first_and_second_derivatives_are_those_of_differences(given):
    gating = Gating(NUMBERS, SIZE)
    assert torch.autograd.gradcheck(lambda *at: gating(*at).sin(), given)
    assert torch.autograd.gradgradcheck(lambda *at: gating(*at).sin(), given)


def test_without_units_nothing_is_gated():
    theta = torch.randn(3, 4)
    assert torch.equal(Gating([torch.tensor([], dtype=torch.long)], 4)(theta, torch.zeros(3, 1)), theta)


def test_a_delta_gates_the_tensors_that_say_so(backbone):
    sites, law = backbone.sites(("attn",)), constant(0.0)
    specs = [
        (Spec("shared", (2,), law), Spec("a", (3,), law, gated=True)),
        (Spec("b", (1, 2), law, gated=True), Spec("shared", (2,), law)),
    ]
    delta = Delta("test", backbone, [Unit("test", site, own, None) for site, own in zip(sites, specs, strict=False)])
    gated = delta.gating(torch.ones(1, 7), torch.tensor([[2.0, 3.0]]))
    assert gated.tolist() == [[1.0, 1.0, 2.0, 2.0, 2.0, 3.0, 3.0]]


def test_a_gated_tensor_of_several_units_is_refused(backbone):
    spec = Spec("shared", (2,), constant(0.0), gated=True)
    delta = Delta("test", backbone, [Unit("test", site, (spec,), None) for site in backbone.sites(("attn",))[:2]])
    with pytest.raises(ValueError, match="several units share shared"):
        _ = delta.gating
