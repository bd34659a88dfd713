"""The record of a structure search: what was chosen under which budget, and what the retrained structure scores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

from deltalab.backbone.backbone import Backbone
from deltalab.delta.candidates import Candidates
from deltalab.delta.chosen import Structure
from deltalab.report.record import FORMAT, envelope, majority, task_entry
from deltalab.task.task import Task

__all__ = ["Sought", "search_record"]

OPTIONS = ("search_space", "strategy", "gate", "hypergradient")


@final
@dataclass(frozen=True)
class Sought:
    """A structure of a search space, how it was chosen, under which budget if any, and in how many seconds.

    `budget` says `amount`, `unit`, `denominator`, `given` and `ppm`; `found` is what else a search found out.
    """

    choice: str
    budget: Mapping[str, Any] | None
    space: Candidates
    structure: Structure
    found: Mapping[str, Any]
    seconds: float

    @property
    def methods(self) -> dict[str, dict[str, int]]:
        """Of each method of the space: units and parameters that were chosen, and those there are."""
        found = {name: {"units": 0, "parameters": 0, "of_units": 0, "of_parameters": 0} for name in self.space.methods}
        for member in self.space.members:
            found[member.name.method]["of_units"] += 1
            found[member.name.method]["of_parameters"] += member.cost
        for unit in self.structure.units:
            found[unit.name.method]["units"] += 1
            found[unit.name.method]["parameters"] += unit.cost
        return found


def search_record(
    config: Mapping[str, Any],
    task: Task,
    backbone: Backbone,
    sought: Sought,
    tuned: Mapping[str, Any] | None,
    seconds: float,
) -> dict[str, Any]:
    """The record of a run; `tuned` is the record of the retraining, None where there was none.

    `score` is the mean test metric of the retrained jobs. Shares are of the backbone's parameters.
    """
    structure, size = sought.structure, backbone.num_parameters
    return {
        "format": FORMAT,
        "stage": "search",
        "score": None if tuned is None else tuned["score"],
        "metric": task.metric.name,
        "majority": majority(task),
        "task": task_entry(task),
        "choice": sought.choice,
        "options": {key: structure.provenance[key] for key in OPTIONS if key in structure.provenance},
        "budget": sought.budget,
        "structure": {
            "units": len(structure.units),
            "parameters": structure.cost,
            "denominator": size,
            "ppm": 1e6 * structure.cost / size,
            "methods": sought.methods,
        },
        "search": dict(sought.found),
        "jobs": [] if tuned is None else tuned["jobs"],
        "seconds_search": round(sought.seconds, 2),
        "seconds_retrain": None if tuned is None else tuned["seconds"],
        **envelope(config, backbone, seconds),
    }
