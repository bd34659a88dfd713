"""Everything measured so far, as JSON and as a table."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.figure import Figure
from benchmarks.settings import Settings
from deltalab.errors import UserError
from deltalab.report.environment import chip, revision, versions

__all__ = ["Record", "entry", "print_table", "same", "started"]

FORMAT = 2

Record = dict[str, Any]


def started(settings: Settings, resumed: Path | None = None) -> Record:
    """The record before anything is measured: where, with what, and the measurements that a file already holds.

    Raises `UserError` where the file is no record, or one of another chip or of other versions.
    """
    content = {"format": FORMAT, "chip": chip(settings.place), "versions": {**versions(), "peft": version("peft")}}
    found = _read(resumed) if resumed is not None and resumed.exists() else {}
    for key, value in content.items() if found else ():
        if found.get(key) != value:
            raise UserError(f"--resume: {key} in {resumed} is '{found.get(key)}', here '{value}'; name another --out")
    return {**content, "measurements": found.get("measurements", {})}


def entry(settings: Settings, figures: Sequence[Figure], skipped: str | None, seconds: float) -> dict[str, Any]:
    """One measurement: how it was made, how long it took, what it found or why it was skipped."""
    return {
        "settings": asdict(settings),
        "revision": revision(),
        "seconds": round(seconds, 1),
        "skipped": skipped,
        "figures": [_rounded(asdict(figure)) for figure in figures],
    }


def same(settings: Settings, measured: Mapping[str, Any] | None) -> bool:
    """Whether an entry was measured, not skipped, under these settings, at whatever revision."""
    if measured is None or measured["skipped"]:
        return False
    return bool(measured["settings"] == json.loads(json.dumps(asdict(settings))))


def print_table(content: Mapping[str, Any]) -> None:
    """One line a figure, its ratio first."""
    measured = content["measurements"]
    told = {f"{one['settings']['threads']} threads, {one['settings']['dtype']}" for one in measured.values()}
    title = f"{content['chip']}; {'; '.join(sorted(told))}; ratios: median (least-most)"
    table = Table(title=title, title_justify="left")
    for name in ("ratio", "", "what", "size", "parts"):
        table.add_column(name, justify="right" if name == "ratio" else "left")
    for one in measured.values():
        for figure in one["figures"]:
            table.add_row(*_cells(figure))
        table.add_section()
    console = Console(width=None if Console().is_terminal else 160)
    console.print(table)
    for name, one in measured.items():
        if one["skipped"]:
            console.print(f"{name}: skipped, {one['skipped']}")


def _read(path: Path) -> Record:
    try:
        found = json.loads(path.read_text())
    except ValueError:
        found = None
    if not isinstance(found, dict) or "format" not in found:
        raise UserError(f"--resume: {path} is no record of the benchmarks; name another --out")
    return found


def _cells(figure: Mapping[str, Any]) -> tuple[str, ...]:
    ratio = figure["ratio"]
    settings = "".join(f", {value} {name}" for name, value in figure["settings"].items() if name.startswith("rows"))
    parts = ", ".join(f"{name} {_shown(value)}" for name, value in figure["parts"].items())
    first, spread = ("", "")
    if ratio is not None:
        first, spread = f"{ratio['median']:.3g}", f"({ratio['least']:.3g}-{ratio['most']:.3g})"
    return first, spread, figure["what"] + settings, figure["size"], parts or "not within the limit"


def _shown(value: float | int | bool) -> str:
    return f"{value:.4g}" if isinstance(value, float) else f"{value:,}" if not isinstance(value, bool) else str(value)


def _rounded(value: Any) -> Any:  # noqa: ANN401
    """Floats to 5 digits, wherever they stand."""
    if isinstance(value, float):
        return float(f"{value:.5g}")
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    return value
