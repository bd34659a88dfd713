"""A little of `make soak`: real processes, killed at random moments."""

from __future__ import annotations

import random

import pytest

from .soak import survived


@pytest.mark.slow
def test_a_killed_run_ends_as_if_nothing_had_been(model, tmp_path):
    words = ("backbone=t5", f"backbone.path={model}")
    same, hits = survived("tune", 1, tmp_path, random.Random(1), words)
    assert (same, hits) == (True, 1)
