"""Scores at points, as passes of their own give them."""

from __future__ import annotations

import pytest
import torch

from deltalab.delta.segment import Segment
from deltalab.subspace.judge import Judge

from .approximation import DIM, approximation


@pytest.fixture
def made(fresh, task):
    module, data = approximation(fresh(), task, joint=True)
    chance = torch.Generator().manual_seed(1)
    z = [{name: 3 * torch.randn(DIM, generator=chance) for name in "abc"} for _ in range(2)]
    # Not every method at every point, and not in the order of the subspace.
    points = [{"adapter": {"a": one["a"], "b": one["b"]}, "lora": {"c": one["c"]}} for one in z]
    return module, data, points


def answered(judge, data):
    for t, one in enumerate(data.tasks):
        for batch in one.val_dataloader():
            judge.answer(batch, t)


def alone(module, data, t, method, code):
    """The dev score of one code decoded as one method, a batch and a pass at a time."""
    segment = Segment(module.subspace[method].delta, module.subspace.decode(method, code))
    solved, answers = module.solved[t], {}
    for batch in data.tasks[t].val_dataloader():
        found = solved.answerer(module.stack, batch, [segment])
        answers.update(zip(batch.rows.tolist(), found, strict=True))
    task = solved.task
    golds = [row.outputs for row in task.dev]
    return task.metric.score([answers[r] for r in range(len(golds))], golds, task.labels)


def test_every_method_is_scored_at_its_points(made):
    module, data, points = made
    judge = Judge(module.stack, module.subspace, module.solved, points.__getitem__)
    answered(judge, data)
    found = judge.scores("dev")
    for t, places in enumerate(points):
        assert list(found[t]) == [("adapter", "a"), ("adapter", "b"), ("lora", "c")]
        for method, codes in places.items():
            for point, z in codes.items():
                assert found[t][method, point] == alone(module, data, t, method, z)
    assert len({score.value for places in found for score in places.values()}) > 2  # or points could be confused


def test_every_round_of_scores_asks_for_the_points_anew(made):
    module, data, points = made
    judge = Judge(module.stack, module.subspace, module.solved, points.__getitem__)
    answered(judge, data)
    before = judge.scores("dev")
    assert judge.scores("dev") == [{}, {}]
    points[0], points[1] = points[1], points[0]
    answered(judge, data)
    after = judge.scores("dev")
    assert after[0]["lora", "c"] == alone(module, data, 0, "lora", points[0]["lora"]["c"])
    assert after != before
