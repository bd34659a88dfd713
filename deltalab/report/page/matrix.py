"""The matrix of an optimization: E_rel and E_sub of each source as each target."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from deltalab.report.page.element import Inside, cell, node, table
from deltalab.report.page.place import Places, copier
from deltalab.report.page.run import Run
from deltalab.report.relative import mean_relative

__all__ = ["matrix", "means"]


def means(run: Run) -> tuple[float | None, float | None]:
    """The mean E_rel (%) of optimization, source and target the same, and of transfer; None where none is defined."""
    cells = [(s == t, value) for s, row in run.record["e_rel"].items() for t, value in row.items()]
    own, other = ([value for same, value in cells if same is wanted] for wanted in (True, False))
    return mean_relative(own), mean_relative(other)


def matrix(run: Run, places: Places) -> Element:
    """Sources in rows, targets in columns: E_rel and E_sub in percent, the deeper the nearer E_rel is to 100."""
    record, targets = run.record, run.record["methods"]
    head = [node("th", {"scope": "col"}, name) for name in ("source \\ target", *targets)]
    first = [cell(t, _percent(record["e_orig"].get(t))) for t in targets]
    rows = [node("tr", {"class": "original"}, node("th", {"scope": "row"}, "E_orig"), *first)]
    for source in record["e_rel"]:
        cells = [_cell(run, places, source, target) for target in targets]
        rows.append(node("tr", None, node("th", {"scope": "row"}, source), *cells))
    made = table(_caption(run, places), head, rows, "matrix")
    made.attrib |= {"data-find": places.words([run]), "data-task": record["task"]["name"], "class": "item"}
    return made


def _caption(run: Run, places: Places) -> Sequence[Inside]:
    record = run.record
    own, other = ("undefined" if mean is None else f"{mean:.1f}" for mean in means(run))
    full = "" if record["e_full"] is None else f", full fine-tuning {_percent(record['e_full'])} %"
    return (
        node("strong", None, record["task"]["name"]),
        f" {record['metric']}, {record.get('kind') or 'subspace'} d={record['dim']}{full}: "
        f"optimization {own}, transfer {other} ",
        places.run(run),
        " ",
        copier(run.command) if run.command else None,
    )


def _cell(run: Run, places: Places, source: str, target: str) -> Element:
    """E_rel and E_sub; nothing where the code was not decoded so."""
    row, sub = run.record["e_rel"][source], run.record["e_sub"].get(source, {}).get(target)
    if target not in row:
        return cell(target)
    value = row[target]
    shown = places.record(run, "undefined" if value is None else f"{value:.1f}")
    made = cell(target, shown, None if sub is None else node("small", None, f" {_percent(sub)}"))
    made.set("class", f"heat{_depth(value)}" + " own" * (source == target))
    return made


def _depth(value: float | None) -> int:
    """A tenth of E_rel between 0 and 100."""
    return 0 if value is None or value != value else round(min(max(value, 0.0), 100.0) / 10)


def _percent(score: float | None) -> str:
    return "" if score is None else f"{100 * score:.1f}"
