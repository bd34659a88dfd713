"""Whole records as runs write them, in folders as runs leave them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path

import yaml

from ..picture.support import optimization, square

ENVELOPE = {
    "format": 1,
    "seconds": 12.5,
    "peak_memory_mb": 700.25,
    "chip": "chip",
    "revision": "0123456789abcdef",
    "backbone": {"source": "tiny", "family": "t5", "weights": "w", "parameters": 1_000_000, "dtype": "float32"},
    "versions": {"python": "3.11", "torch": "2.13"},
}


def config(**changed: object) -> dict:
    """The part of a config that decides what is a repetition of what."""
    base = {"name": "lora", "output_dir": "/somewhere", "seed": 0, "recipe": {"max_steps": 9}, "pack": {"seed": None}}
    return {**base, "trainer": {"max_steps": 9, "devices": 1}, **changed}


def job(delta: str, seed: int, test: float | None, dev: float | None = 0.5, size: int = 500) -> dict:
    """A tuned job; scores as fractions."""
    return {
        "name": delta,
        "delta": delta,
        "seed": seed,
        "lr": 0.001,
        "parameters": size,
        "share_of_backbone": size / 1_000_000,
        "dev": None if dev is None else {"value": dev, "rows": 8.0},
        "test": None if test is None else {"value": test, "rows": 8.0},
    }


def tuned(jobs: Sequence[dict], task: str = "sst", fingerprint: str = "aaaaaaaa", **changed: object) -> dict:
    """A record of tuning."""
    return {
        **ENVELOPE,
        "stage": "tune",
        "score": 0.5,
        "metric": "ACC",
        "majority": 0.25,
        "task": {"name": task, "fingerprint": fingerprint, "rows": {"train": 8, "dev": 8, "test": 8}},
        "jobs": list(jobs),
        "config": config(),
        **changed,
    }


def searched(jobs: Sequence[dict], choice: str = "random", ppm: float = 139.0, **changed: object) -> dict:
    """A record of a search."""
    more = {
        "stage": "search",
        "choice": choice,
        "budget": {"amount": ppm, "unit": "parameters", "denominator": 1_000_000, "given": "", "ppm": ppm},
        "structure": {
            "units": 2,
            "parameters": 139,
            "ppm": 139.0,
            "methods": {"lora": {"units": 2, "parameters": 139, "of_units": 5, "of_parameters": 1000}},
        },
        "search": {},
    }
    return tuned(jobs, config=config(choice=choice, budget=ppm)) | more | changed


def moved(*values: float | None, dim: int = 4, task: str = "sst", **changed: object) -> dict:
    """A record of optimization between adapter and lora with these E_rel."""
    base = optimization(square(*values, methods=("adapter", "lora")), dim, task)
    jobs = [
        {"name": source, "source": source, "seed": 0, "lr": 0.01, "dev": 0.6, "test": dict(row)}
        for source, row in base["e_sub"].items()
    ]
    more = {"task": {"name": task, "fingerprint": "aaaaaaaa"}, "majority": 0.25, "kind": "learned", "score": 0.5}
    return {**ENVELOPE, **base, **more, "jobs": jobs, "config": config(dim=dim), **changed}


def leave(folder: Path, record: dict, words: Sequence[str] | None = ("delta=lora",)) -> Path:
    """Write a record and, unless `words` is None, the overrides of its run; the path of the record."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "record.json"
    path.write_text(json.dumps(record))
    if words is not None:
        (folder / ".hydra").mkdir(exist_ok=True)
        (folder / ".hydra" / "overrides.yaml").write_text(yaml.safe_dump(list(words)))
    return path


class Seen(HTMLParser):
    """What a reader of HTML finds: every start tag with its attributes, and every cell's text by its column."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.rows: list[list[tuple[dict[str, str], str]]] = []
        self._cell: dict[str, str] | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags.append((tag, found))
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self._cell = found
            self.rows[-1].append((found, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            attributes, text = self.rows[-1][-1]
            self.rows[-1][-1] = (attributes, text + data)

    def all(self, tag: str) -> list[dict[str, str]]:
        """The attributes of every element of a kind."""
        return [attributes for name, attributes in self.tags if name == tag]

    def columns(self) -> list[dict[str, str]]:
        """The rows of all tables as texts by the name of their column."""
        named = ([(a["data-name"], text) for a, text in row if "data-name" in a] for row in self.rows)
        return [dict(row) for row in named if row]
