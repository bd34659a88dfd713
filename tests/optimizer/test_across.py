"""Two processes average gradients of matrices, held in factors or whole, as autograd of both together does."""

from __future__ import annotations

import pytest
import torch

from deltalab.optimizer.across import average, keep_from_ddp
from deltalab.optimizer.factors import Factors

from ..processes import two
from .ranks import KINDS, ROWS, Layer, loss, of_rank, weights


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """What each of two processes finds."""
    folder = tmp_path_factory.mktemp("ranks")
    return two(of_rank, folder / "meet", folder=folder)


@pytest.mark.parametrize("kind", KINDS)
def test_two_processes_average_what_autograd_finds_for_both(pair, kind):
    layer = Layer("whole")
    (sum(loss(layer, kind, weights(place)) for place in range(2)) / 2).backward()
    for found in pair:
        torch.testing.assert_close(found[kind]["matrix"], 3 * layer.matrix.grad)  # three passes
        torch.testing.assert_close(found[kind]["bias"], layer.bias.grad)  # DDP's own, of the last pass
        assert found[kind]["held"] == (0 if kind == "whole" else 3 * ROWS)
    assert torch.equal(pair[0][kind]["matrix"], pair[1][kind]["matrix"])


def test_alone_everything_stays_as_it_is():
    layer = Layer("held")
    loss(layer, "held", weights(0)).backward()
    (part,) = layer.matrix.factors
    average(layer.parameters())
    assert (len(layer.matrix.factors), layer.matrix.factors[0] is part, layer.matrix.grad) == (1, True, None)
    assert isinstance(part, Factors)


def test_ddp_is_told_of_matrices_alone():
    layer = torch.nn.Sequential(Layer("held"), torch.nn.Linear(2, 2))
    keep_from_ddp(layer)
    assert layer._ddp_params_and_buffers_to_ignore == ["0.matrix"]
