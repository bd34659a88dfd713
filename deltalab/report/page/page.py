"""The whole page: one file that needs no other and asks nobody."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from xml.etree.ElementTree import Element

from matplotlib.figure import Figure

from deltalab.report.page.board import board
from deltalab.report.page.card import UNFIT, card
from deltalab.report.page.element import node, written
from deltalab.report.page.figures import images
from deltalab.report.page.leaderboard import leaderboard
from deltalab.report.page.matrix import matrix
from deltalab.report.page.place import Places
from deltalab.report.page.run import Run
from deltalab.report.picture.draw import together

__all__ = ["page"]


def page(runs: Sequence[Run], path: Path, left_out: list[str]) -> str:
    """The HTML of the page at `path`; what cannot be shown is added to the lines in `left_out`, which it shows."""
    places = Places.of(path, runs)
    style, script = (files(__package__).joinpath(f"page.{kind}").read_text("utf-8") for kind in ("css", "js"))
    cards = [card(run, places, left_out) for run in runs]
    moved = [run for run in runs if run.stage == "optimize"]
    figures = images(_together(runs, left_out))
    rows = leaderboard(runs)
    sections = [
        _section("Leaderboard", board(rows, places)) if rows else None,
        _section("E_rel: scores in the subspace in percent of E_orig", _matrices(moved, places)) if moved else None,
        _section("Over several runs", node("div", {"class": "pictures"}, *figures)) if figures else None,
        _section("Runs", *cards),
    ]
    head = _head(style, script)
    told = _left_out(left_out)
    main = node("main", None, told, *(part for part in sections if part is not None))
    body = node("body", None, _bar(runs), main, node("script", None, script))
    return written(node("html", {"lang": "en"}, head, body))


def _matrices(runs: Sequence[Run], places: Places) -> Element:
    return node("div", {"class": "matrices"}, *(matrix(run, places) for run in runs))


def _together(runs: Sequence[Run], left_out: list[str]) -> dict[str, Figure]:
    try:
        return together([run.record for run in runs])
    except UNFIT as error:
        left_out.append(f"pictures over several runs: cannot be drawn ({error!r})")
        return {}


def _head(style: str, script: str) -> Element:
    # Whatever a record might smuggle in, nothing but these two texts may run or lay out, and nothing is fetched.
    policy = f"default-src 'none'; img-src data:; style-src {_hash(style)}; script-src {_hash(script)}"
    return node(
        "head",
        None,
        node("meta", {"charset": "utf-8"}),
        node("meta", {"http-equiv": "Content-Security-Policy", "content": policy}),
        node("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        node("link", {"rel": "icon", "href": "data:,"}),
        node("title", None, "deltalab report"),
        node("style", None, style),
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _bar(runs: Sequence[Run]) -> Element:
    names = sorted({task for run in runs for task in run.tasks})
    choice = [node("option", {"value": ""}, "all tasks"), *(node("option", {"value": name}, name) for name in names)]
    return node(
        "header",
        None,
        node("h1", None, "deltalab report"),
        node("input", {"id": "filter", "type": "search", "placeholder": "filter", "aria-label": "filter by words"}),
        node("select", {"id": "task", "aria-label": "task"}, *choice),
        node("output", {"id": "count"}, f"{len(runs)} runs"),
        node("button", {"id": "theme", "type": "button"}, "theme: auto"),
    )


def _section(title: str, *inside: Element) -> Element:
    return node("section", None, node("h2", None, title), *inside)


def _left_out(lines: Sequence[str]) -> Element | None:
    if not lines:
        return None
    return node("section", {"class": "bad"}, node("h2", None, "Left out"), *(node("p", None, line) for line in lines))
