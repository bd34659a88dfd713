"""What each job of a record scores, in one form for every stage."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, final

from deltalab.report.page.run import Run

__all__ = ["Result", "results"]

# What tells a run's place and repetition, not what was tried in it.
_PLACE = ("name", "output_dir", "seed", "theta0_seed", "resume", "logger", "callbacks", "store", "sweep")
_HARDWARE = ("default_root_dir", "accelerator", "devices", "log_every_n_steps")


@final
@dataclass(frozen=True)
class Result:
    """One trained job: scores as fractions, `ppm` of the backbone's parameters.

    Results of one `setting` differ by their seed, or by what their run chose between on dev.
    """

    run: Run
    method: str
    setting: str
    seed: int
    dev: float | None
    test: float
    parameters: int
    ppm: float


def results(run: Run) -> list[Result]:
    """The jobs of a run that were tested; none of a stage that ranks nothing."""
    if run.stage == "approximate":
        return []
    return list(_moved(run) if run.stage == "optimize" else _tuned(run))


def _tuned(run: Run) -> Iterator[Result]:
    for job in run.record["jobs"]:
        if job.get("test") is not None:
            method = job["delta"] if run.stage == "tune" else _sought(run)
            dev = None if job.get("dev") is None else job["dev"]["value"]
            ppm = 1e6 * job["share_of_backbone"]
            # Searches of several seeds choose structures of several sizes.
            setting = _setting(run, job["delta"], job["parameters"] if run.stage == "tune" else 0)
            yield Result(run, method, setting, job["seed"], dev, job["test"]["value"], job["parameters"], ppm)


def _moved(run: Run) -> Iterator[Result]:
    record, size = run.record, run.record["backbone"]["parameters"]
    dim = record["dim"]
    for job in record["jobs"]:
        source = job["source"]
        if source in job["test"]:
            method, ppm = f"{source}, {record.get('kind') or 'some'} subspace d={dim}", 1e6 * dim / size
            setting = _setting(run, source, dim)
            yield Result(run, method, setting, job["seed"], job.get("dev"), job["test"][source], dim, ppm)


def _sought(run: Run) -> str:
    budget = run.record["budget"]
    name = f"structure by {run.record['choice']}"
    return name if budget is None else f"{name}, {budget['ppm']:.4g} ppm of {budget['unit']}"


def _setting(run: Run, method: str, size: int) -> str:
    """Everything that must be equal for two jobs to be repetitions of each other, as one text.

    An option that is null counts as one that is not there: the program may have got it between the two.
    """
    config = {key: value for key, value in run.record["config"].items() if key not in _PLACE}
    config["pack"] = _without(config.get("pack"), ("seed",))
    config["trainer"] = _without(config.get("trainer"), _HARDWARE)
    return json.dumps([run.record["backbone"]["weights"], method, size, _given(config)], sort_keys=True)


def _given(node: Any) -> Any:  # noqa: ANN401
    if isinstance(node, Mapping):
        return {key: _given(value) for key, value in node.items() if value is not None}
    return node


def _without(node: Any, keys: tuple[str, ...]) -> Any:  # noqa: ANN401
    return {key: value for key, value in node.items() if key not in keys} if isinstance(node, Mapping) else node
