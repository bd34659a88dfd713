"""What a trajectory keeps, which evaluation it calls the best, and the file it is written to."""

from __future__ import annotations

import json
import math

import pytest
import torch

from deltalab.search.trajectory import Trajectory, write_trajectory

from .searching import SPACE


def judged(discrete, soft):
    made = Trajectory()
    for i, (one, other) in enumerate(zip(discrete, soft, strict=True)):
        made.add(10 * i, torch.tensor([0.1, 0.9]), [1], one, other)
    return made


def test_the_best_is_the_last_of_the_highest_score():
    made = judged([0.2, 0.7, 0.7, 0.1], [0.9, 0.3, 0.2, 0.1])
    assert made.best("discrete") == 2
    assert made.best("soft") == 0


def test_a_score_below_zero_can_be_the_best_and_nan_never_is():
    assert judged([math.nan, -0.5, math.nan], [0.0] * 3).best("discrete") == 1


def test_it_is_restored_from_plain_values():
    made = judged([0.2, 0.7], [0.1, 0.3])
    assert Trajectory(**json.loads(json.dumps(made.state()))) == made


def test_the_file_holds_names_costs_and_every_evaluation(backbone, tmp_path):
    space = SPACE.bind(backbone)
    p = torch.linspace(0, 1, len(space.members), dtype=torch.float64)
    made = Trajectory()
    made.add(5, p, [0, 3], 0.5, 0.25)
    costs = torch.arange(len(space.members)) * 0.5
    write_trajectory(tmp_path / "run" / "trajectory.json", made, space, costs, 12.5)
    content = json.loads((tmp_path / "run" / "trajectory.json").read_text())
    assert set(content) == {"format", "units", "steps", "p", "chosen", "scores", "budget"}
    assert content["format"] == 1
    assert content["steps"] == [5]
    assert content["chosen"] == [[0, 3]]
    assert content["scores"] == {"discrete": [0.5], "soft": [0.25]}
    assert content["budget"] == 12.5
    assert content["p"][0] == pytest.approx(p.tolist(), abs=1e-6)
    for unit, member, cost in zip(content["units"], space.members, costs.tolist(), strict=True):
        assert unit == {**member.name._asdict(), "cost": cost}
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["trajectory.json"]


def test_a_file_that_fails_leaves_the_old_one(backbone, tmp_path):
    space, path = SPACE.bind(backbone), tmp_path / "trajectory.json"
    path.write_text("old")
    made = Trajectory([1], [[0.5]], [[object()]], [0.0], [0.0])
    with pytest.raises(TypeError):
        write_trajectory(path, made, space, space.costs, 1.0)
    assert path.read_text() == "old"
