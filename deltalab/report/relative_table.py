"""The terminal's table of what each code is worth as each method."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

__all__ = ["print_relative"]


def print_relative(record: Mapping[str, Any], console: Console | None = None) -> None:
    """E_sub (%) and E_rel (%) of every source (rows) and target (columns) below E_orig, optimization in bold.

    `console` None: the terminal.
    """
    full = "" if record["e_full"] is None else f", full fine-tuning {_percent(record['e_full'])}"
    title = f"{record['task']['name']}: {record['metric']} (%), d = {record['dim']}{full}"
    table = Table(title=title, title_justify="left")
    table.add_column("target\nsource", no_wrap=True)
    originals = ["E_orig"]
    for target in record["methods"]:
        name = target.replace("_", "_\n")  # a long name must not make its column wide
        table.add_column(f"{name}\nE_sub", justify="right")
        table.add_column("\nE_rel", justify="right")
        originals += [_percent(record["e_orig"].get(target)), ""]
    table.add_row(*originals, end_section=True)
    for source, row in record["e_sub"].items():
        cells = [source]
        for target in record["methods"]:
            pair = (_percent(row.get(target)), _relative(record, source, target))
            cells += [f"[bold]{cell}[/bold]" if source == target else cell for cell in pair]
        table.add_row(*cells)
    (console or Console()).print(table)


def _percent(score: float | None) -> str:
    return "" if score is None else f"{100 * score:.1f}"


def _relative(record: Mapping[str, Any], source: str, target: str) -> str:
    """E_rel in percent; nothing where the code was not decoded so."""
    row = record["e_rel"].get(source, {})
    if target not in row:
        return ""
    return "undefined" if row[target] is None else f"{row[target]:.1f}"
