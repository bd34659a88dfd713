"""Entropy and use of the budget against scipy and sums by hand."""

from __future__ import annotations

import pytest
import torch
from scipy.stats import entropy as of_scipy

from deltalab.search.measures import entropy, measures


def test_entropy_is_the_mean_over_units_in_bits():
    p = torch.tensor([0.0, 0.1, 0.5, 0.77, 1.0], dtype=torch.float64)
    expected = sum(of_scipy([float(x), 1 - float(x)], base=2) for x in p) / 5
    assert float(entropy(p)) == pytest.approx(expected, abs=1e-12)
    assert float(entropy(torch.full((3,), 0.5))) == pytest.approx(1)


def test_use_of_the_budget():
    found = measures(torch.tensor([0.5, 0.25, 1.0]), [0, 2], torch.tensor([4, 8, 10]), 20.0)
    assert found["search/expected"] == pytest.approx((2 + 2 + 10) / 20)
    assert found["search/discrete"] == pytest.approx(14 / 20)
