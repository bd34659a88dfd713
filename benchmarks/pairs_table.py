"""What the runs of `benchmarks.pairs` found, in one small file and as tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from statistics import fmean
from typing import Any

from benchmarks.cells import over_seeds
from deltalab.report.relative import relative

__all__ = ["entry", "gathered", "markdown", "originals"]

FORMAT = 1


def entry(record: Mapping[str, Any], source: str, subspace: str, called: str | None = None) -> dict[str, Any]:
    """What a table needs of the record of an optimization; `called` is its name there, else the kind of subspace."""
    kept = {key: record[key] for key in ("kind", "dim", "metric", "majority", "methods", "e_orig", "e_sub", "e_rel")}
    facts = {key: record[key] for key in ("chip", "versions", "revision", "seconds")}
    seed, target = record["config"]["seed"], record["task"]["name"]
    named = {} if called is None else {"called": called}
    return {"source": source, "target": target, "subspace": subspace, "seed": seed, **named, **kept, **facts}


def gathered(entries: Iterable[Mapping[str, Any]], before: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Entries by source, target, subspace, name and seed; `before` is an older file to add to."""
    found = {_key(one): one for one in deepcopy((before or {}).get("runs", []))}
    found |= {_key(one): dict(one) for one in entries}
    return {"format": FORMAT, "runs": [found[key] for key in sorted(found)]}


def markdown(found: Mapping[str, Any]) -> str:
    """E_rel in percent by kind of subspace, or name, and d, of each pair and of all, mean and deviation over seeds.

    Columns: optimization as each method and on average, transfer on average. What is said of all pairs is of the seeds
    that every one of them has: of each seed the mean over pairs, then mean and deviation of these.
    """
    runs = found["runs"]
    methods = list(dict.fromkeys(method for run in runs for method in run["methods"]))
    lines = [
        f"| subspace | d | source | target | seeds | {' | '.join(methods)} | optimization | transfer |",
        f"|---|---:|---|---|---:|{'---:|' * (len(methods) + 2)}",
    ]
    for name, dim in sorted({(_name(run), run["dim"]) for run in runs}):
        pairs: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
        for run in runs:
            if (_name(run), run["dim"]) == (name, dim):
                pairs.setdefault((run["source"], run["target"]), []).append(run)
        rows = [(source, target, alike) for (source, target), alike in pairs.items()]
        shared = set.intersection(*({run["seed"] for run in alike} for alike in pairs.values()))
        if len(pairs) > 1 and shared:
            whole = [run for alike in pairs.values() for run in alike if run["seed"] in shared]
            rows.append((f"mean of {len(pairs)} pairs", "", whole))
        lines += [
            f"| {name} | {dim} | {source} | {target} | {_cells(alike, methods)} |" for source, target, alike in rows
        ]
    return "\n".join(lines) + "\n"


def _name(run: Mapping[str, Any]) -> str:
    if "called" in run:
        return str(run["called"])
    return "unshared" if str(run["subspace"]).startswith("unshared") else str(run["kind"])


def _cells(runs: Sequence[Mapping[str, Any]], methods: Sequence[str]) -> str:
    seeds = {run["seed"] for run in runs}
    cells = [_over_seeds(runs, seeds, [(m, m)]) for m in methods]
    cells.append(_over_seeds(runs, seeds, [(m, m) for m in methods]))
    cells.append(_over_seeds(runs, seeds, [(s, t) for s in methods for t in methods if s != t]))
    return " | ".join([str(len(seeds)), *cells])


def originals(found: Mapping[str, Any]) -> str:
    """What E_rel is measured by, in percent: E_orig on each target, and the E_rel of always giving the majority answer.

    Means over seeds; all runs have the same methods.
    """
    runs = found["runs"]
    methods = list(dict.fromkeys(method for run in runs for method in run["methods"]))
    lines = [f"| target | | majority | {' | '.join(methods)} |", f"|---|---|---:|{'---:|' * len(methods)}"]
    for target in sorted({run["target"] for run in runs}):
        by_seed = {run["seed"]: run for run in runs if run["target"] == target}.values()
        majority = fmean(run["majority"] for run in by_seed)
        scores = [fmean(run["e_orig"][method] for run in by_seed) for method in methods]
        cells = [f"{100 * score:.1f}" for score in (majority, *scores)]
        lines.append(f"| {target} | E_orig | {' | '.join(cells)} |")
        blind = [relative(majority, score) for score in scores]
        shown = ["undefined" if value is None else f"{value:.1f}" for value in blind]
        lines.append(f"| | E_rel of the majority | | {' | '.join(shown)} |")
    return "\n".join(lines) + "\n"


def _over_seeds(runs: Sequence[Mapping[str, Any]], seeds: Iterable[int], pairs: Sequence[tuple[str, str]]) -> str:
    """Of each seed the mean of what is defined, over targets and pairs of methods; then mean and deviation of these."""
    means = []
    for seed in sorted(seeds):
        values = [run["e_rel"].get(s, {}).get(t) for run in runs if run["seed"] == seed for s, t in pairs]
        defined = [value for value in values if value is not None]
        if defined:
            means.append(fmean(defined))
    return over_seeds(means, scale=1.0) or "undefined"


def _key(one: Mapping[str, Any]) -> tuple[str, str, str, str, int]:
    return one["source"], one["target"], one["subspace"], one.get("called", ""), one["seed"]
