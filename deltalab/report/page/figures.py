"""Pictures of records as images inside the page."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from xml.etree.ElementTree import Element

from matplotlib.figure import Figure

from deltalab.report.page.element import node

__all__ = ["images"]

_NAMES = {
    "heatmap-mean": "E_rel, mean over records",
    "recovery": "E_rel by the dimension d",
    "pareto": "score by parameters",
    "distances": "distances of the codes and reconstruction errors",
    "landscape": "scores between the codes of the methods",
    "p_heatmap": "inclusion probabilities p of the units",
    "p_trajectories": "p over the search",
}


def images(figures: Mapping[str, Figure]) -> list[Element]:
    """Each figure as a PNG inside the page, under a sentence that says what it shows."""
    return [_image(name, figure) for name, figure in figures.items()]


def _image(name: str, figure: Figure) -> Element:
    content = io.BytesIO()
    figure.savefig(content, format="png", metadata={"Software": None})
    start = next((known for known in _NAMES if name.startswith(known)), None)
    told = name if start is None else f"{_NAMES[start]} {name.removeprefix(start).strip('-')}".strip()
    source = "data:image/png;base64," + base64.b64encode(content.getvalue()).decode()
    return node("figure", None, node("img", {"src": source, "alt": told}), node("figcaption", None, told))
