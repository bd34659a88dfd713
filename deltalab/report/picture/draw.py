"""Which pictures a record, or several of them, have enough in them for."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.figure import Figure

from deltalab.report.picture.canvas import Record
from deltalab.report.picture.distances import distances
from deltalab.report.picture.heatmap import heatmap
from deltalab.report.picture.landscape import landscape
from deltalab.report.picture.recovery import recovery

__all__ = ["pictures", "together"]

_NEEDED = {
    "optimize": ("task", "methods", "dim", "metric", "e_rel"),
    "approximate": ("tasks", "methods", "dim", "history"),
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


def together(records: Sequence[Record]) -> dict[str, Figure]:
    """The pictures of several records of optimization: a "heatmap-mean" for each kind and d with several; "recovery".

    "recovery" needs more than one d; records of other stages do not count.
    """
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


def _tells(record: Record, stage: str) -> bool:
    """Whether a record is of this stage and whole."""
    return record.get("stage") == stage and all(key in record for key in _NEEDED[stage])
