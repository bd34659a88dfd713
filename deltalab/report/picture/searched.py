"""What the folder of a structure search holds for pictures: trajectory.json and structure.yaml beside its record."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, final

import numpy as np
from numpy.typing import NDArray

from deltalab.delta.candidates import UnitName
from deltalab.delta.chosen import Structure
from deltalab.errors import UserError
from deltalab.report.picture.canvas import Record
from deltalab.search.trajectory import FORMAT

__all__ = ["Searched", "searched"]


@final
class Searched(NamedTuple):
    """N units and their p (T, N) at T evaluations after `steps` (T,).

    `selected` is the evaluation that the structure comes from, `chosen` the positions of its units.
    """

    task: str
    units: Sequence[UnitName]
    steps: Sequence[int]
    p: NDArray[np.float64]
    selected: int
    chosen: Sequence[int]


def searched(folder: Path, record: Record) -> Searched | None:
    """What a search left in `folder`, None where it has no trajectory, as without a search.

    Raises `UserError` for files that are damaged or not of one search.
    """
    path = folder / "trajectory.json"
    if not path.is_file():
        return None
    names = Structure.load(folder / "structure.yaml").names
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            raise UserError(f"{path}: format {content['format']}, this version reads {FORMAT}")
        units = [UnitName(*(unit[field] for field in UnitName._fields)) for unit in content["units"]]
        steps, p = list(content["steps"]), np.array(content["p"], dtype=float)
        if not steps or p.shape != (len(steps), len(units)) or len(content["chosen"]) != len(steps):
            raise ValueError(f"{len(steps)} steps, p {p.shape}, {len(units)} units")
        chosen = [units.index(name) for name in names]
        selected = _selected(content, chosen, record)
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(f"{path}: damaged, or of another search than structure.yaml ({error})") from error
    return Searched(record["task"]["name"], units, steps, p, selected, chosen)


def _selected(content: Mapping[str, Any], chosen: Sequence[int], record: Record) -> int:
    """The evaluation at the record's best step; where it tells none, the last that chose these units."""
    fitting = [i for i, positions in enumerate(content["chosen"]) if set(positions) == set(chosen)]
    if not fitting:
        raise ValueError("no evaluation chose its units")
    step = record.get("search", {}).get("best_step")
    return next((i for i in fitting if content["steps"][i] == step), fitting[-1])
