"""Tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

from deltalab.backbone.backbone import Backbone
from deltalab.delta.method import Delta

__all__ = ["print_parameters", "print_results"]


def print_parameters(backbone: Backbone, deltas: Iterable[Delta]) -> None:
    """What is tuned: numbers of each delta, as a share of the backbone's, and its units."""
    table = Table(title=f"{backbone.source}: {backbone.num_parameters:,} parameters, frozen", title_justify="left")
    for name in ("delta", "parameters", "% of backbone", "units"):
        table.add_column(name, justify="left" if name == "delta" else "right")
    for delta in deltas:
        share = 100 * delta.size / backbone.num_parameters
        table.add_row(delta.name, f"{delta.size:,}", f"{share:.3f}", f"{len(delta.units)}")
    Console().print(table)


def print_results(record: Mapping[str, Any], console: Console | None = None) -> None:
    """The record's jobs beside the majority answer; scores in percent. `console` None: the terminal."""
    task = record["task"]
    title = f"{task['name']}: {record['metric']} (%), {task['rows']['test']} test rows, {record['seconds']:.0f} s"
    table = Table(title=title, title_justify="left")
    for name in ("job", "dev", "test", "parameters", "% of backbone", "best step"):
        table.add_column(name, justify="left" if name == "job" else "right")
    table.add_row("majority", "", f"{100 * record['majority']:.1f}", "", "", "")
    for job in record["jobs"]:
        table.add_row(
            job["name"],
            _percent(job["dev"]),
            _percent(job["test"]),
            f"{job['parameters']:,}",
            f"{100 * job['share_of_backbone']:.3f}",
            "" if job["best_step"] is None else str(job["best_step"]),
        )
    (console or Console()).print(table)


def _percent(score: Mapping[str, Any] | None) -> str:
    return "" if score is None else f"{100 * score['value']:.1f}"
