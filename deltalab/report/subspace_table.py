"""The terminal's table of an approximation: what every method scores at every fixed point."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

__all__ = ["print_approximation"]


def print_approximation(record: Mapping[str, Any]) -> None:
    """Test scores (%) of each task: methods in rows, E_orig and the points in columns."""
    methods = record["methods"]
    table = Table(title=f"d = {record['dim']}, {record['seconds']:.0f} s; test (%)", title_justify="left")
    for name in ("task", "decoded as", "E_orig", *(f"code of\n{method}" for method in methods), "\ncentroid"):
        table.add_column(name, justify="left" if name in ("task", "decoded as") else "right", overflow="fold")
    for task in record["tasks"]:
        for method in methods:
            points = task["points"][method]
            cells = [f"{100 * points[point]:.1f}" for point in (*methods, "centroid")]
            first = f"{task['name']} ({task['metric']})" if method == methods[0] else ""
            table.add_row(first, method, f"{100 * task['e_orig'][method]:.1f}", *cells)
        table.add_section()
    Console().print(table)
