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


def entry(record: Mapping[str, Any], source: str, subspace: str) -> dict[str, Any]:
    """What a table needs of the record of an optimization."""
    kept = {key: record[key] for key in ("kind", "dim", "metric", "majority", "methods", "e_orig", "e_sub", "e_rel")}
    facts = {key: record[key] for key in ("chip", "versions", "revision", "seconds")}
    seed, target = record["config"]["seed"], record["task"]["name"]
    return {"source": source, "target": target, "subspace": subspace, "seed": seed, **kept, **facts}


def gathered(entries: Iterable[Mapping[str, Any]], before: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Entries by source, target, subspace and seed; `before` is an older file to add to."""
    found = {_key(one): one for one in deepcopy((before or {}).get("runs", []))}
    found |= {_key(one): dict(one) for one in entries}
    return {"format": FORMAT, "runs": [found[key] for key in sorted(found)]}


def markdown(found: Mapping[str, Any]) -> str:
    """E_rel in percent for each kind of subspace and d: the mean over targets, then mean and deviation over seeds.

    Columns: optimization as each method and on average, transfer on average.
    """
    runs = found["runs"]
    methods = list(dict.fromkeys(method for run in runs for method in run["methods"]))
    lines = [
        f"| subspace | d | targets | seeds | {' | '.join(methods)} | optimization | transfer |",
        f"|---|---:|---:|---:|{'---:|' * (len(methods) + 2)}",
    ]
    for kind, dim in sorted({(run["kind"], run["dim"]) for run in runs}):
        alike = [run for run in runs if (run["kind"], run["dim"]) == (kind, dim)]
        seeds, targets = ({run[key] for run in alike} for key in ("seed", "target"))
        cells = [_over_seeds(alike, seeds, [(m, m)]) for m in methods]
        cells.append(_over_seeds(alike, seeds, [(m, m) for m in methods]))
        cells.append(_over_seeds(alike, seeds, [(s, t) for s in methods for t in methods if s != t]))
        lines.append(f"| {kind} | {dim} | {len(targets)} | {len(seeds)} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


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


def _key(one: Mapping[str, Any]) -> tuple[str, str, str, int]:
    return one["source"], one["target"], one["subspace"], one["seed"]
