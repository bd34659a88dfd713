"""What records of search and of tuning say about size and score, read here alone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, final

from deltalab.report.best import best_on_dev
from deltalab.report.picture.canvas import Record

__all__ = ["FULL", "Outcome", "about", "outcomes"]

FULL = "full"

_OPTIONS = ("search_space", "strategy", "gate", "hypergradient")
_DETERMINING = (
    "backbone",
    "search_space",
    "cost",
    "choice",
    "strategy",
    "gate",
    "hypergradient",
    "search",
    "optimizer",
    "stage",
    "recipe",
)


@final
class Outcome(NamedTuple):
    """One trained job: what it is called, its share of the backbone in ppm, its test score, and the budget it was for.

    Outcomes of one name, budget and settings differ by their seed; `budget` is None where there was none.
    """

    name: str
    ppm: float
    score: float
    budget: str | None
    settings: str = ""


def about(record: Record) -> tuple[str, str] | None:
    """Task and metric of a record of a search that was retrained or of tuning; None for any other record."""
    known = record.get("stage") in ("search", "tune") and all(key in record for key in ("jobs", "task", "metric"))
    return (record["task"]["name"], record["metric"]) if known and record["jobs"] else None


def outcomes(records: Sequence[Record]) -> list[Outcome]:
    """The jobs of records, named by choice (and by the options in which there are several) or by delta method."""
    searches = [record for record in records if record["stage"] == "search"]
    several = [key for key in _OPTIONS if len({_option(one, key) for one in searches} - {None}) > 1]
    found = []
    for record in records:
        for job in _best(record["jobs"]):
            ppm, score = 1e6 * job["share_of_backbone"], job["test"]["value"]
            if record["stage"] == "search":
                found.append(Outcome(_name(record, several), ppm, score, _budget(record), _settings(record)))
            else:
                found.append(Outcome(job["delta"], ppm, score, None, _settings(record)))
    return found


def _best(jobs: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The best of each delta and seed."""
    return best_on_dev(
        jobs,
        alike=lambda job: (job["delta"], job["seed"]),
        dev=lambda job: None if job["dev"] is None else float(job["dev"]["value"]),
    )


def _name(record: Record, several: Sequence[str]) -> str:
    unit = (record["budget"] or {}).get("unit", "parameters")
    name = record["choice"] if unit == "parameters" else f"{record['choice']} by {unit}"
    told = [option for key in several if (option := _option(record, key)) is not None]
    return f"{name}: {', '.join(told)}" if told else name


def _option(record: Record, key: str) -> str | None:
    """An option that the record was made with; the methods in place of a search space that is not told."""
    known = record.get("options", {}).get(key)
    return _space(record) if known is None and key == "search_space" else known


def _settings(record: Record) -> str:
    """All that makes two runs different but their seed."""
    config = record.get("config", {})
    told = {key: config[key] for key in _DETERMINING if key in config}
    if isinstance(told.get("choice"), Mapping):
        told["choice"] = {key: value for key, value in told["choice"].items() if key != "seed"}
    return json.dumps(told, sort_keys=True, default=str) if told else ""


def _space(record: Record) -> str:
    names = list(record["structure"]["methods"])
    return names[0] if len(names) == 1 else f"{len(names)} methods"


def _budget(record: Record) -> str | None:
    return None if record["budget"] is None else f"{record['budget']['ppm']:.4g}"
