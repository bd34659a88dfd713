"""Where each run stands: on the page, in the file system, and under which command line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import final
from xml.etree.ElementTree import Element

from deltalab.report.page.element import node
from deltalab.report.page.run import Run

__all__ = ["Places", "copier"]


@final
@dataclass(frozen=True)
class Places:
    """The file of the page, and the name of each run on it by the path of its record."""

    page: Path
    names: Mapping[Path, str]

    @classmethod
    def of(cls, page: Path, runs: Iterable[Run]) -> Places:
        """Runs are numbered from 1 on."""
        return cls(page, {run.path: f"r{i}" for i, run in enumerate(runs, 1)})

    def record(self, run: Run, text: str) -> Element:
        """A text that leads to the run's record."""
        return node("a", {"href": run.link(self.page), "title": run.command or run.seen_from(self.page)}, text)

    def run(self, run: Run) -> Element:
        """The name of a run, which leads to it on the page."""
        return node("a", {"href": f"#{self.names[run.path]}"}, self.names[run.path])

    def words(self, runs: Iterable[Run], *more: str) -> str:
        """What the filter of the page finds runs by."""
        found = list(more)
        for run in runs:
            found += [self.names[run.path], run.stage, *run.tasks, run.seen_from(self.page), run.command or ""]
        return " ".join(dict.fromkeys(found))


def copier(text: str, name: str = "copy") -> Element:
    """A button that copies a text."""
    return node("button", {"type": "button", "class": "copy", "data-copy": text, "title": text}, name)
