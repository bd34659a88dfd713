"""Every step's question is the same whoever asks, and the shares are those of the settings."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from deltalab.backbone.tiny.exercises import Exercises
from deltalab.backbone.tiny.objective import Objective
from deltalab.backbone.tiny.settings import Settings
from deltalab.backbone.tiny.stream import RowStream
from deltalab.backbone.tiny.vocabulary import sentinel_ids

TEXTS = ["the old boat sailed toward the harbour", "rain and light saw the young captain"]


@pytest.fixture
def make(tokenizer, tmp_path):
    def objective(**changed):
        settings = replace(Settings((tmp_path,), tmp_path, steps=400, rows=2, length=32), **changed)
        stream = RowStream(np.arange(3, 400, dtype=np.uint16) % 300 + 3, settings.length, 0)
        return Objective(settings, stream, Exercises(TEXTS, tokenizer), sentinel_ids(tokenizer))

    return objective


def kind(pair, tokenizer):
    if len(pair.inputs) == 6:
        return "exercise"
    return "spans" if pair.targets[0, 0] == sentinel_ids(tokenizer)[0] else "prefix"


def test_shares(make, tokenizer):
    kinds = [kind(make(task_share=0.4, prefix_share=0.5).pair(step), tokenizer) for step in range(400)]
    assert "prefix" not in kinds[:200]
    assert 0.3 < kinds[:200].count("exercise") / 200 < 0.5
    assert 0.4 < kinds[200:].count("prefix") / 200 < 0.6
    assert kinds[200:].count("exercise") > 20
    assert kinds[200:].count("spans") > 30  # nothing is unlearnt for want of practice


def test_a_step_is_a_function_of_its_number(make):
    one, other = make(), make()
    one.pair(5)
    for step in (9, 380):
        assert np.array_equal(one.pair(step).inputs, other.pair(step).inputs)
        assert np.array_equal(one.pair(step).targets, other.pair(step).targets)


def test_no_exercises_where_none_are_wanted(make, tokenizer):
    kinds = {kind(make(task_share=0.0, prefix_share=0.0).pair(step), tokenizer) for step in range(50)}
    assert kinds == {"spans"}
