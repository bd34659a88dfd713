"""The terminal's table of a structure: which units were chosen, and what share of the budget they take."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from deltalab.report.search_record import Sought

__all__ = ["print_structure"]


def print_structure(sought: Sought) -> None:
    """Chosen units and their parameters by method, beside all of the search space; ppm of the backbone's parameters."""
    size = sought.space.delta.backbone.num_parameters
    table = Table(title=_title(sought), title_justify="left")
    for name in ("method", "units", "of", "parameters", "of", "ppm of backbone"):
        table.add_column(name, justify="left" if name == "method" else "right")
    rows = sought.methods
    for name, row in rows.items():
        _add(table, name, row, size)
    if len(rows) > 1:
        table.add_section()
        _add(
            table, "together", {key: sum(row[key] for row in rows.values()) for key in next(iter(rows.values()))}, size
        )
    Console().print(table)


def _title(sought: Sought) -> str:
    told = f"choice={sought.choice}, {sought.seconds:.0f} s"
    if (budget := sought.budget) is None:
        return f"{told}; no budget"
    share = f"{budget['ppm']:.1f} ppm of {budget['denominator']:,} {budget['unit']}"
    return f"{told}; budget {budget['amount']:,.0f} = {share}"


def _add(table: Table, name: str, row: dict[str, int], size: int) -> None:
    share = 1e6 * row["parameters"] / size
    numbers = (f"{row[key]:,}" for key in ("units", "of_units", "parameters", "of_parameters"))
    table.add_row(name, *numbers, f"{share:.1f}")
