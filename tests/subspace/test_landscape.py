"""Where the landscape is looked at."""

from __future__ import annotations

import itertools
import math

import pytest
import torch

from deltalab.subspace.landscape import grid


@pytest.mark.parametrize("methods", [2, 3, 4])
@pytest.mark.parametrize("resolution", [1, 2, 5])
def test_the_grid_is_every_share_in_equal_steps(methods, resolution):
    steps = itertools.product(range(resolution + 1), repeat=methods)
    expected = {shares for shares in steps if sum(shares) == resolution}
    found = grid(methods, resolution)
    counted = [tuple(round(float(weight) * resolution) for weight in point) for point in found]
    assert len(counted) == len(expected) == math.comb(resolution + methods - 1, methods - 1)
    assert set(counted) == expected
    torch.testing.assert_close(found, torch.tensor(counted) / resolution, rtol=0, atol=0)


def test_one_step_leaves_the_corners_alone():
    assert sorted(grid(3, 1).tolist()) == sorted(torch.eye(3).tolist())
