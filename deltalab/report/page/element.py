"""HTML as a tree: texts and attributes are escaped when it is written, whatever they hold."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

__all__ = ["Inside", "cell", "node", "number", "table", "written"]

Inside = Element | str | None


def node(tag: str, attributes: Mapping[str, str] | None = None, *inside: Inside) -> Element:
    """An element with texts and elements inside, in their order; None leaves nothing."""
    made = Element(tag, dict(attributes or {}))
    for part in inside:
        if isinstance(part, Element):
            made.append(part)
        elif part is not None and len(made):
            made[-1].tail = (made[-1].tail or "") + part
        elif part is not None:
            made.text = (made.text or "") + part
    return made


def cell(name: str, *inside: Inside, value: str | None = None) -> Element:
    """A cell of a table, with the name of its column for narrow screens and what it is sorted by, if not its text."""
    return node("td", {"data-name": name} | ({} if value is None else {"data-value": value}), *inside)


def number(name: str, shown: str, value: float | None, *more: Inside) -> Element:
    """A cell that is sorted by a number; None and what is not finite come last."""
    made = cell(name, shown, *more, value=repr(value) if value is not None and math.isfinite(value) else "")
    made.set("class", "number")
    return made


def table(caption: Sequence[Inside], head: Sequence[Element], rows: Iterable[Element], kind: str = "") -> Element:
    """A table that scrolls sideways by itself where it is wider than the page, below a caption that does not."""
    parts = (node("thead", None, node("tr", None, *head)), node("tbody", None, *rows))
    told = node("p", {"class": "caption"}, *caption) if caption else None
    return node("div", None, told, node("div", {"class": "wide"}, node("table", {"class": kind}, *parts)))


def written(root: Element) -> str:
    """The tree as HTML."""
    return "<!DOCTYPE html>\n" + ElementTree.tostring(root, encoding="unicode", method="html") + "\n"
