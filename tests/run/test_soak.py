"""A little of `make soak`: real processes, killed at random moments."""

from __future__ import annotations

import random

from .soak import survived


def test_a_killed_run_ends_as_if_nothing_had_been(tmp_path):
    same, hits = survived("tune", 1, tmp_path, random.Random(0))
    assert same
    assert hits
