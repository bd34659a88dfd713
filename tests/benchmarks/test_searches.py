"""The published way takes the step of the stacked one; spaces have the published numbers of units."""

import pytest
import torch

from benchmarks.models import backbone, batch, stock
from benchmarks.search import top
from benchmarks.searches import LEVELS, mix, module, one_by_one
from benchmarks.settings import Settings
from deltalab.search.hypergradient import finite_difference, first_order
from deltalab.search.upper import OneLevel
from deltalab.search.virtual_step import Sgd

STILL = Settings(sizes=("tiny",), threads=1, rows=2, source=6, target=3, dropout=0.0)


@pytest.mark.parametrize(("size", "units"), [("tiny", 156), ("mid", 232), ("deep", 916)])
def test_spaces_have_the_published_units(size, units):
    assert len(mix(backbone(f"{size} v1.0", Settings(device="meta"))).members) == units


def test_shapes_are_those_of_the_published_search():
    config = stock("tiny v1.0", STILL).config.to_dict()
    assert {"feed_forward_proj": "relu", "d_ff": 256, "num_layers": 4, "vocab_size": 2000}.items() <= config.items()


def test_passes_one_by_one_give_the_gradient_of_the_stacked_ones():
    chance = torch.Generator().manual_seed(0)
    theta, alpha, x, y = (torch.randn(count, generator=chance, dtype=torch.float64) for count in (6, 3, 6, 6))

    def loss(given):
        return lambda thetas, gates: ((gates.repeat(2) * thetas * given).tanh() - given).square().sum(1)

    found, stacked = (way(loss(x), loss(y), Sgd(0.1), theta, alpha) for way in (one_by_one, finite_difference))
    torch.testing.assert_close(found.gradient, stacked.gradient, rtol=1e-6, atol=0)
    assert found.val_loss == stacked.val_loss
    partial = first_order(loss(x), loss(y), Sgd(0.1), theta, alpha)
    assert (found.gradient - partial.gradient).abs().max() > 1e-3


@pytest.mark.parametrize("name", LEVELS)
def test_a_step_moves_theta_and_alpha(name):
    made = module("tiny v1.0", STILL, LEVELS[name]())
    before = made.theta.detach().clone()
    rows = batch("tiny v1.0", 4, STILL)
    halves = [rows.slice(0, 2), rows.slice(2, 4)]
    for _ in range(2):  # at theta0 no gate has anything to switch
        made.training_step(rows if isinstance(LEVELS[name](), OneLevel) else halves, 0)
    assert (made.theta != before).any()
    assert (made.alpha != 0).any()


@pytest.mark.parametrize("side", ["encoder", "decoder"])
def test_the_top_are_units_of_the_last_layer(side):
    space = mix(backbone("tiny v1.0", STILL))
    found = [space.members[i].name for i in top(space, side)]
    assert len(found) == 7
    assert {(name.side, name.layer) for name in found} == {(side, 3)}
