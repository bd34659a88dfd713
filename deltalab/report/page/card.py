"""A run on the page: where it is, what made it, what it says, and how it got there."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from deltalab.errors import UserError
from deltalab.report.page.chart import chart
from deltalab.report.page.curves import curves
from deltalab.report.page.element import cell, node, number, table
from deltalab.report.page.figures import images
from deltalab.report.page.place import Places, copier
from deltalab.report.page.run import Run
from deltalab.report.picture.draw import pictures, search_pictures

__all__ = ["UNFIT", "card"]

UNFIT = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What drawing raises for a record that fits in its shape and not in its meaning."""


def card(run: Run, places: Places, left_out: list[str]) -> Element:
    """The run's record, command, facts, curves and pictures; a line in `left_out` for each that is damaged."""
    name = places.names[run.path]
    title = f" {run.stage}: {', '.join(run.tasks)}"
    kept, drawn = _curves(run, left_out), _pictures(run, left_out)
    return node(
        "details",
        {"id": name, "class": "item", "data-find": places.words([run]), "data-task": "\n".join(run.tasks)},
        node("summary", None, node("strong", None, name), title, node("small", None, f" {_called(run)}")),
        node("p", None, "record ", places.record(run, run.seen_from(places.page))),
        _command(run),
        _facts(run),
        _points(run) if run.stage == "approximate" else None,
        _units(run) if run.stage == "search" else None,
        node("div", {"class": "charts"}, *kept) if kept else None,
        node("div", {"class": "pictures"}, *drawn) if drawn else None,
    )


def _curves(run: Run, left_out: list[str]) -> list[Element]:
    try:
        return [chart(name, lines) for name, lines in curves(run.path.parent).items()]
    except UserError as error:
        left_out.append(str(error))
        return []


def _pictures(run: Run, left_out: list[str]) -> list[Element]:
    if run.stage == "optimize":  # its matrix stands on the page as numbers
        return []
    try:
        return images(pictures(run.record) | search_pictures(run.record, run.path.parent))
    except UserError as error:
        left_out.append(str(error))
    except UNFIT as error:
        left_out.append(f"{run.path}: its pictures cannot be drawn ({error!r})")
    return []


def _called(run: Run) -> str:
    return str(run.record["config"].get("name") or "")


def _command(run: Run) -> Element:
    if run.command is None:
        return node("p", {"class": "faint"}, "The command is unknown: no .hydra/overrides.yaml beside the record.")
    return node("p", {"class": "command"}, node("code", None, run.command), " ", copier(run.command))


def _facts(run: Run) -> Element:
    record = run.record
    rows = {
        "backbone": f"{record['backbone']['source']}, {record['backbone']['parameters']:,} parameters",
        "time": f"{record['seconds']:,.1f} s",
        "memory": f"{record['peak_memory_mb']:,.0f} MB",
        "chip": record["chip"],
        "revision": (record.get("revision") or "unknown")[:12],
        "versions": ", ".join(f"{name} {version}" for name, version in record["versions"].items()),
    }
    pairs = [node("div", None, node("dt", None, name), node("dd", None, value)) for name, value in rows.items()]
    return node("dl", None, *pairs)


def _points(run: Run) -> Element:
    """Test scores (%) of an approximation: of each task and method at each point, beside E_orig."""
    tasks = run.record["tasks"]
    points = list(dict.fromkeys(point for task in tasks for at in task["points"].values() for point in at))
    rows = [
        node(
            "tr",
            None,
            cell("task", task["name"]),
            cell("decoded as", method),
            *_scores(task["e_orig"].get(method), at, points),
        )
        for task in tasks
        for method, at in task["points"].items()
    ]
    return table(("test scores (%) by point",), _head("task", "decoded as", "E_orig", *points), rows)


def _scores(original: float | None, at: dict[str, float], points: Sequence[str]) -> list[Element]:
    shown = {"E_orig": original} | {point: at.get(point) for point in points}
    return [number(name, "" if score is None else f"{100 * score:.1f}", score) for name, score in shown.items()]


def _units(run: Run) -> Element:
    """What a search chose, by method."""
    structure, budget = run.record["structure"], run.record["budget"]
    told = (
        "no budget" if budget is None else f"budget {budget['amount']:,.0f} {budget['unit']}, {budget['ppm']:.4g} ppm"
    )
    columns = ("units", "of_units", "parameters", "of_parameters")
    rows = [
        node("tr", None, cell("method", name), *(number(key, f"{of.get(key, 0):,}", of.get(key)) for key in columns))
        for name, of in structure["methods"].items()
    ]
    caption = (
        f"{structure['units']:,} units, {structure['parameters']:,} parameters, {structure['ppm']:,.1f} ppm; {told}"
    )
    return table((caption,), _head("method", "units", "of", "parameters", "of"), rows)


def _head(*names: str) -> list[Element]:
    return [node("th", {"scope": "col"}, name) for name in names]
