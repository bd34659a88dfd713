"""Which pictures a record, or several of them, have enough in them for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure

from deltalab.report.picture.canvas import Record
from deltalab.report.picture.distances import distances
from deltalab.report.picture.heatmap import heatmap
from deltalab.report.picture.landscape import landscape
from deltalab.report.picture.outcomes import about, outcomes
from deltalab.report.picture.p_heatmap import p_heatmap
from deltalab.report.picture.p_trajectories import p_trajectories
from deltalab.report.picture.pareto import pareto
from deltalab.report.picture.recovery import recovery
from deltalab.report.picture.searched import searched

__all__ = ["pictures", "search_pictures", "together"]

_NEEDED = {
    "optimize": ("task", "methods", "dim", "metric", "e_rel"),
    "approximate": ("tasks", "methods", "dim", "history"),
    "search": ("task", "choice"),
}


def pictures(record: Record) -> dict[str, Figure]:
    """The pictures of one record by name; none for a stage that has none or a record that lacks what they show.

    Optimization gives "heatmap"; approximation "distances" where it has a history and "landscape" where it has one over
    two or three methods.
    """
    found: dict[str, Figure] = {}
    if _tells(record, "optimize") and any(record["e_rel"].values()):
        found["heatmap"] = heatmap(record)
    if _tells(record, "approximate"):
        if any(math.isfinite(value) for point in record["history"] for value in point["relative_error"].values()):
            found["distances"] = distances(record)
        if record.get("landscape") and len(record["methods"]) in (2, 3):
            found["landscape"] = landscape(record)
    return found


def search_pictures(record: Record, folder: Path) -> dict[str, Figure]:
    """The "p_heatmap" and "p_trajectories" of a search by the files that it left in `folder`; none for other records.

    Raises `UserError` where the files are damaged.
    """
    found = searched(folder, record) if _tells(record, "search") else None
    return {} if found is None else {"p_heatmap": p_heatmap(found), "p_trajectories": p_trajectories(found)}


def together(records: Sequence[Record]) -> dict[str, Figure]:
    """The pictures of several records.

    Of optimization: a "heatmap-mean" for each kind and d with several; "recovery" where there is more than one d.
    Of searches, and of tuning beside them: a "pareto" for each task and metric.
    """
    return _recovered(records) | _bought(records)


def _recovered(records: Sequence[Record]) -> dict[str, Figure]:
    alike: dict[tuple[str, int], list[Record]] = {}
    by_kind: dict[str, list[Record]] = {}
    for record in records:
        if _tells(record, "optimize"):
            kind = record.get("kind", "subspace")
            alike.setdefault((kind, record["dim"]), []).append(record)
            by_kind.setdefault(kind, []).append(record)
    found = {f"heatmap-mean-{kind}-d{dim}": heatmap(same) for (kind, dim), same in sorted(alike.items()) if same[1:]}
    if len({dim for _, dim in alike}) > 1:
        found["recovery"] = recovery(by_kind)
    return found


def _bought(records: Sequence[Record]) -> dict[str, Figure]:
    """Several records of one task and metric, of which at least one is a search, bare or by the name of their task."""
    alike: dict[tuple[str, str], list[Record]] = {}
    for record in records:
        if place := about(record):
            alike.setdefault(place, []).append(record)
    drawn = {place: same for place, same in alike.items() if same[1:] and any(one["stage"] == "search" for one in same)}
    names = {place: "pareto" if len(drawn) == 1 else f"pareto-{'-'.join(place)}" for place in drawn}
    return {names[place]: pareto(outcomes(same), *place) for place, same in drawn.items()}


def _tells(record: Record, stage: str) -> bool:
    """Whether a record is of this stage and whole."""
    return record.get("stage") == stage and all(key in record for key in _NEEDED[stage])
