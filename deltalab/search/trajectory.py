"""What a search believed at every evaluation, and how well that did."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, final

from torch import Tensor

from deltalab.atomic import atomic
from deltalab.delta.candidates import Candidates

__all__ = ["FORMAT", "Trajectory", "write_trajectory"]

FORMAT = 1


@final
@dataclass
class Trajectory:
    """One entry for each evaluation: the step, p of every unit, the chosen positions, and the dev scores of the chosen
    units (gates 0 or 1) and of the soft gates, all as plain values."""

    steps: list[int] = field(default_factory=list)
    p: list[list[float]] = field(default_factory=list)
    chosen: list[list[int]] = field(default_factory=list)
    discrete: list[float] = field(default_factory=list)
    soft: list[float] = field(default_factory=list)

    def add(self, step: int, p: Tensor, chosen: Sequence[int], discrete: float, soft: float) -> None:
        """Take an evaluation."""
        self.steps.append(step)
        self.p.append(p.tolist())
        self.chosen.append(list(chosen))
        self.discrete.append(discrete)
        self.soft.append(soft)

    def best(self, select: str) -> int:
        """The evaluation of the highest score, "discrete" or "soft", of equals the last; NaN is the lowest."""
        scores = self.discrete if select == "discrete" else self.soft
        return max(range(len(scores)), key=lambda i: (-math.inf if math.isnan(scores[i]) else scores[i], i))

    def state(self) -> dict[str, Any]:
        """Plain values for a checkpoint: the arguments of `Trajectory`."""
        return asdict(self)


def write_trajectory(path: Path, trajectory: Trajectory, candidates: Candidates, costs: Tensor, budget: float) -> None:
    """Write a trajectory as JSON, with the names and costs (N,) of its units; the file appears whole or not at all."""
    numbers = costs.tolist()
    units = [member.name._asdict() | {"cost": cost} for member, cost in zip(candidates.members, numbers, strict=True)]
    content = {
        "format": FORMAT,
        "units": units,
        "steps": trajectory.steps,
        "p": [[float(f"{value:.6g}") for value in values] for values in trajectory.p],
        "chosen": trajectory.chosen,
        "scores": {"discrete": trajectory.discrete, "soft": trajectory.soft},
        "budget": budget,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic(path) as part:
        part.write_text(json.dumps(content) + "\n", encoding="utf-8")
