"""A task: three splits of texts, a metric, and how to answer it."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, final

from deltalab.errors import unknown
from deltalab.task.example import Example
from deltalab.task.metric.metric import Metric
from deltalab.task.metric.score import Score

__all__ = ["SPLITS", "Evaluation", "Task"]

Evaluation = Literal["rank", "generate"]
SPLITS = ("train", "dev", "test")


@final
@dataclass(frozen=True)
class Task:
    """Text in, text out, a score.

    `labels` is the sorted label set of the train split, None for free text. `evaluation` says how a prediction is made:
    the likeliest label (`rank`) or generated text (`generate`). Built by `deltalab.task.assemble.assemble`.
    """

    name: str
    train: tuple[Example, ...]
    dev: tuple[Example, ...]
    test: tuple[Example, ...]
    metric: Metric
    labels: tuple[str, ...] | None
    evaluation: Evaluation

    def split(self, name: str) -> tuple[Example, ...]:
        """The rows of `train`, `dev` or `test`; `UserError` for any other name."""
        rows = {"train": self.train, "dev": self.dev, "test": self.test}.get(name)
        if rows is None:
            raise unknown("split", name, SPLITS, f"task {self.name}")
        return rows

    def score(self, split: str, answers: Mapping[int, str]) -> Score:
        """The metric of answers to rows of a split, by row; any part of the split may be answered."""
        rows = sorted(answers)
        examples = [self.split(split)[row] for row in rows]
        outputs, groups = [one.outputs for one in examples], [one.group for one in examples]
        return self.metric.score([answers[row] for row in rows], outputs, self.labels, groups)

    def majority(self) -> str:
        """The most frequent first output in train, of several the first in order: the answer of a blind guess."""
        counts = Counter(example.outputs[0] for example in self.train)
        return min(counts, key=lambda output: (-counts[output], output))

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 (hex) over every row of every split in order, the metric's name and the label set."""
        digest = hashlib.sha256()
        for split in SPLITS:
            digest.update(f"{split}\n".encode())
            for example in self.split(split):
                group = [] if example.group is None else [{"group": example.group}]
                row = json.dumps([example.input, *example.outputs, *group])  # ASCII: any text hashes alike everywhere
                digest.update(f"{row}\n".encode())
        digest.update(json.dumps([self.metric.name, self.labels]).encode())
        return digest.hexdigest()
