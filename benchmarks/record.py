"""Everything a run of the benchmark found, as JSON and as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.figure import Figure
from benchmarks.settings import Settings
from deltalab.report.environment import chip, revision, versions

__all__ = ["print_table", "record"]

FORMAT = 1


def record(
    settings: Settings, figures: Mapping[str, Sequence[Figure]], skipped: Mapping[str, str], seconds: float
) -> dict[str, Any]:
    """The record: where and how it was measured, then every figure by measurement."""
    return {
        "format": FORMAT,
        "chip": chip(settings.place),
        "versions": {**versions(), "peft": version("peft")},
        "revision": revision(),
        "settings": asdict(settings),
        "seconds": round(seconds, 1),
        "figures": {name: [_rounded(asdict(figure)) for figure in found] for name, found in figures.items()},
        "skipped": dict(skipped),
    }


def print_table(content: Mapping[str, Any]) -> None:
    """One line a figure, its ratio first."""
    settings = content["settings"]
    title = f"{content['chip']}, {settings['threads']} threads, {settings['dtype']}; ratios: median (least-most)"
    table = Table(title=title, title_justify="left")
    for name in ("ratio", "", "what", "size", "parts"):
        table.add_column(name, justify="right" if name == "ratio" else "left")
    for found in content["figures"].values():
        for figure in found:
            table.add_row(*_cells(figure))
        table.add_section()
    console = Console(width=None if Console().is_terminal else 160)
    console.print(table)
    for name, reason in content["skipped"].items():
        console.print(f"{name}: skipped, {reason}")


def _cells(figure: Mapping[str, Any]) -> tuple[str, ...]:
    ratio = figure["ratio"]
    settings = "".join(f", {value} {name}" for name, value in figure["settings"].items() if name.startswith("rows"))
    parts = ", ".join(f"{name} {_shown(value)}" for name, value in figure["parts"].items())
    first, spread = ("", "")
    if ratio is not None:
        first, spread = f"{ratio['median']:.3g}", f"({ratio['least']:.3g}-{ratio['most']:.3g})"
    return first, spread, figure["what"] + settings, figure["size"], parts


def _shown(value: float | int | bool) -> str:
    return f"{value:.4g}" if isinstance(value, float) else f"{value:,}" if not isinstance(value, bool) else str(value)


def _rounded(value: Any) -> Any:  # noqa: ANN401
    """Floats to 5 digits, wherever they stand."""
    if isinstance(value, float):
        return float(f"{value:.5g}")
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    return value
