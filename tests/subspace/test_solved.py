"""Steps of solutions away from theta0."""

from __future__ import annotations

import pytest
import torch

from deltalab.delta.solution import Solution
from deltalab.errors import UserError
from deltalab.subspace.solved import steps


def solution(theta: list[float], theta0: str = "a") -> Solution:
    return Solution(torch.tensor(theta), torch.ones(2), {"theta0": theta0})


def test_steps_are_differences():
    found = steps({"lora": [solution([2.0, 1.0]), solution([1.0, -1.0])], "adapter": [solution([1.5, 1.0])]})
    assert {name: v.tolist() for name, v in found.items()} == {
        "lora": [[1.0, 0.0], [0.0, -2.0]],
        "adapter": [[0.5, 0.0]],
    }


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ([], "no solution of 'lora'"),
        ([solution([2.0, 1.0]), solution([2.0, 1.0], "b")], "start from different theta0"),
        ([solution([2.0, 1.0]), solution([1.0, 1.0])], "a solution of 'lora' is its theta0 still"),
    ],
)
def test_what_cannot_be_a_step_is_refused(given, told):
    with pytest.raises(UserError, match=told):
        steps({"lora": given})
