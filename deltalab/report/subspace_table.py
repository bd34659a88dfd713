"""The terminal's table of an approximation: what every method scores at every point where it is judged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

__all__ = ["print_approximation"]


def print_approximation(record: Mapping[str, Any]) -> None:
    """Test scores (%) of each task: methods in rows, E_orig and the points in columns, blank where there are none."""
    methods = record["methods"]
    points = list(dict.fromkeys(p for task in record["tasks"] for at in task["points"].values() for p in at))
    table = Table(title=f"d = {record['dim']}, {record['seconds']:.0f} s; test (%)", title_justify="left")
    for name in ("task", "decoded as", "E_orig", *(f"code of\n{p}" if p in methods else f"\n{p}" for p in points)):
        table.add_column(name, justify="left" if name in ("task", "decoded as") else "right", overflow="fold")
    for task in record["tasks"]:
        for method in methods:
            scores = [task["e_orig"].get(method), *map(task["points"][method].get, points)]
            first = f"{task['name']} ({task['metric']})" if method == methods[0] else ""
            table.add_row(first, method, *("" if score is None else f"{100 * score:.1f}" for score in scores))
        table.add_section()
    Console().print(table)
