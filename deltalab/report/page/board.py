"""The leaderboard as a table that is sorted and filtered in the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from xml.etree.ElementTree import Element

from deltalab.report.page.element import cell, node, number, table
from deltalab.report.page.leaderboard import Row
from deltalab.report.page.place import Places, copier

__all__ = ["board"]

_COLUMNS = (
    ("task", "the rows that were learnt"),
    ("method", "what was trained; each setting has a row of its own"),
    ("test %", "mean over seeds of the metric on test, at the best dev score"),
    ("sd", "sample standard deviation over seeds, in points of percent"),
    ("seeds", "each leads to its run"),
    ("dev %", "mean over seeds"),
    ("majority %", "what always giving the commonest answer scores on test"),
    ("parameters", "numbers that were trained"),
    ("ppm", "their share of the backbone's parameters, in parts per million"),
    ("time", "seconds of the whole run; jobs of one run share them"),
    ("command", "what made the run"),
)


def board(rows: Sequence[Row], places: Places) -> Element:
    """A line for each row, scores in percent; means lead to the record, seeds to the run on this page."""
    head = [
        node("th", {"scope": "col"}, node("button", {"type": "button", "title": told}, name)) for name, told in _COLUMNS
    ]
    kinds = Counter(name for name, _ in {(row.task, row.fingerprint) for row in rows})
    several = len({row.backbone for row in rows}) > 1
    lines = (
        _line(row, places, f" {row.fingerprint}" if kinds[row.task] > 1 else "", f" {row.backbone}" if several else "")
        for row in rows
    )
    return table((), head, lines, "board")


def _line(row: Row, places: Places, rows: str, backbone: str) -> Element:
    """`rows` tells tasks of one name and other rows apart, `backbone` methods on several backbones."""
    run, mean = row.first.run, f"{100 * row.mean:.1f}"
    lone = len(row.runs) == 1
    commands = "\n".join(run.command for run in row.runs if run.command)
    size = len(row.runs)
    return node(
        "tr",
        {"data-find": places.words(row.runs, row.first.method), "data-task": row.task},
        cell("task", row.task, node("small", None, f" {row.metric}{rows}"), value=row.task + rows),
        cell("method", row.first.method, *_small(backbone), value=row.first.method + backbone),
        number("test %", "", row.mean, places.record(run, mean) if lone else node("strong", None, mean)),
        number("sd", "-" if row.deviation is None else f"{100 * row.deviation:.1f}", row.deviation),
        _seeds(row, places),
        number("dev %", "-" if row.dev is None else f"{100 * row.dev:.1f}", row.dev),
        number("majority %", f"{100 * row.majority:.1f}", row.majority),
        number("parameters", f"{row.parameters:,.0f}", row.parameters),
        number("ppm", f"{row.ppm:,.0f}" if row.ppm >= 1000 else f"{row.ppm:.1f}", row.ppm),
        number("time", f"{row.seconds:,.0f} s", row.seconds, _shared(row)),
        cell("command", copier(commands, f"copy {size} commands" if size > 1 else "copy") if commands else "unknown"),
    )


def _small(text: str) -> list[Element]:
    return [node("small", None, text)] if text else []


def _seeds(row: Row, places: Places) -> Element:
    made = number("seeds", "", float(len(row.kept)))
    for i, result in enumerate(row.kept):
        score = f"test {100 * result.test:.2f} %, run {places.names[result.run.path]}"
        made.append(node("a", {"href": f"#{places.names[result.run.path]}", "title": score}, str(result.seed)))
        made[-1].tail = ", " if i + 1 < len(row.kept) else ""
    return made


def _shared(row: Row) -> Element | None:
    return node("small", None, f" / {row.jobs} jobs") if row.jobs > 1 else None
