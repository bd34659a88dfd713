"""Relative performance keeps what is above 100 and says where there is nothing to compare with."""

from __future__ import annotations

import pytest

from deltalab.report.relative import mean_relative, relative


@pytest.mark.parametrize(
    ("sub", "original", "expected"),
    [(0.4, 0.8, 50.0), (0.9, 0.75, 120.0), (-0.1, 0.5, -20.0), (0.3, 0.0, None), (0.3, -0.2, None), (0.0, 0.005, None)],
)
def test_a_share_of_the_original(sub, original, expected):
    assert relative(sub, original) == (None if expected is None else pytest.approx(expected))


def test_means_leave_out_what_is_undefined():
    assert mean_relative([50.0, None, 120.0]) == pytest.approx(85.0)
    assert mean_relative([None]) is None
    assert mean_relative([]) is None
