"""The structure that a search would choose now, tried on rows beside the soft gates it stands for."""

from __future__ import annotations

from typing import final

import torch
from torch import Tensor

from deltalab.backbone.batch import Batch
from deltalab.delta.method import Delta
from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack
from deltalab.packed.across import joined
from deltalab.search.discretize import greedy
from deltalab.search.inclusion import Inclusion
from deltalab.step import Answerer
from deltalab.task.task import Task

__all__ = ["Trial"]


@final
class Trial:
    """Units by falling log-odds (N,) up to the budget, `chosen`, and their answers: gates 0 or 1, and soft gates.

    Both share theta (D,) and one pass.
    """

    def __init__(self, inclusion: Inclusion, delta: Delta, theta: Tensor, logits: Tensor) -> None:
        self.p = logits.sigmoid().cpu()
        self.chosen = greedy(logits.cpu(), inclusion.costs, inclusion.budget)
        hard = torch.zeros(len(logits), device=logits.device, dtype=logits.dtype)
        hard[self.chosen] = 1
        gates = torch.stack([hard, inclusion.gate.soft(logits)])
        self._segments = [Segment(delta, theta.detach().expand(2, -1), gates)]
        self._answers: tuple[dict[int, str], dict[int, str]] = ({}, {})

    def answer(self, stack: Stack, answerer: Answerer, batch: Batch) -> None:
        """Take the answers to a batch."""
        for known, new in zip(self._answers, answerer.by_row(stack, batch, self._segments), strict=True):
            known.update(new)

    def scores(self, task: Task) -> tuple[float, float]:
        """The dev scores of the chosen units and of the soft gates, on the rows that all processes answered."""
        discrete, soft = (task.score("dev", joined(answers)).value for answers in self._answers)
        return discrete, soft
