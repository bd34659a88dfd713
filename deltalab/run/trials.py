"""Jobs chosen by Optuna: from overrides to a study, and from what jobs return to what the study is told."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, final

import optuna
import yaml
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import IntervalSweep, Override
from hydra.core.utils import JobReturn, JobStatus
from optuna.distributions import (
    BaseDistribution,
    CategoricalChoiceType,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.samplers import BaseSampler, NSGAIISampler, RandomSampler, TPESampler
from optuna.trial import Trial, TrialState

from deltalab.atomic import atomic
from deltalab.errors import UserError, one_of
from deltalab.run.build import whole

__all__ = ["Settings", "Space", "space", "study_of", "try_out", "write_results"]

_DIRECTIONS = {"score": "maximize", "parameters": "minimize"}
_SAMPLERS: dict[str, Callable[..., BaseSampler]] = {
    "tpe": TPESampler,
    "random": RandomSampler,
    "nsgaii": NSGAIISampler,
}
RESULTS = "optimization_results.yaml"


@final
@dataclass(frozen=True)
class Space:
    """What every job has in common, and what may differ, by key of the override."""

    fixed: list[str]
    free: dict[str, BaseDistribution]


@final
@dataclass(frozen=True)
class Settings:
    """How a study goes: trials in all, trials at once, the share of these that may fail, a direction a number."""

    trials: int
    at_once: int
    failures: float
    directions: list[Literal["minimize", "maximize"]]

    @classmethod
    def of(cls, trials: Any, at_once: Any, failures: Any, directions: Any, names: Sequence[str]) -> Settings:  # noqa: ANN401
        """From `hydra.sweeper`; directions of None follow from `names`, the objectives. Raises `UserError`."""
        given: list[Any] = (
            [directions] if isinstance(directions, str) else list(directions or [_DIRECTIONS[name] for name in names])
        )
        for one in given:
            one_of("direction", one, ("maximize", "minimize"), "hydra.sweeper.direction")
        if len(given) != len(names):
            raise UserError(f"hydra.sweeper.direction={given}: sweep.objectives has {len(names)} numbers")
        if isinstance(failures, bool) or not isinstance(failures, int | float) or not 0 <= failures <= 1:
            raise UserError(f"hydra.sweeper.max_failure_rate={failures}: must be a number from 0 to 1")
        trials = whole(trials, "hydra.sweeper.n_trials", 1)
        return cls(trials, whole(at_once, "hydra.sweeper.n_jobs", 1), failures, given)


def space(words: Sequence[str]) -> Space:
    """Overrides as Hydra's sweeps write them: `a,b` and choice(), range(), interval(), log and int of intervals."""
    fixed, free = [], {}
    for override in OverridesParser.create().parse_overrides(list(words)):
        if override.is_sweep_override():
            free[override.get_key_element()] = _distribution(override)
        else:
            fixed.append(str(override.input_line))
    if not free:
        raise UserError("hydra/sweeper=optuna: nothing to choose; give a sweep such as seed=0,1 or 'lr=interval(0,1)'")
    return Space(fixed, free)


def study_of(name: str, storage: str, settings: Settings, kind: Any, seed: Any) -> optuna.Study:  # noqa: ANN401
    """The study in the storage, made where missing; trials that were cut short are asked for again."""
    one_of("sampler", kind, _SAMPLERS, "hydra.sweeper.sampler.kind")
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    sampler = _SAMPLERS[kind](seed=None if seed is None else whole(seed, "hydra.sweeper.sampler.seed"))
    try:
        study = optuna.create_study(
            storage=storage, sampler=sampler, study_name=name, directions=settings.directions, load_if_exists=True
        )
    except Exception as error:  # each storage has errors of its own
        raise UserError(f"hydra.sweeper.storage={storage}: {type(error).__name__}: {error}") from error
    if [one.name.lower() for one in study.directions] != settings.directions:
        raise UserError(f"hydra.sweeper.study_name={name}: the study in {storage} has other directions")
    for trial in study.get_trials(states=[TrialState.RUNNING]):
        study.tell(trial.number, state=TrialState.FAIL)
        study.enqueue_trial(trial.params)
    return study


def try_out(
    study: optuna.Study,
    chosen: Space,
    settings: Settings,
    launch: Callable[[list[list[str]], int], Sequence[JobReturn]],
) -> None:
    """Ask and tell until as many trials are over as there are to be; raises what a job did where too many fail."""
    while (left := settings.trials - sum(trial.state.is_finished() for trial in _counted(study))) > 0:
        trials = [study.ask(chosen.free) for _ in range(min(left, settings.at_once))]
        batch = [[*chosen.fixed, *(f"{key}={value}" for key, value in trial.params.items())] for trial in trials]
        failed = [
            job
            for trial, job in zip(trials, launch(batch, trials[0].number), strict=True)
            if not _told(study, trial, job)
        ]
        if len(failed) > settings.failures * len(trials):
            failed[0].return_value  # noqa: B018 - raises what the job did
            raise UserError(f"hydra/sweeper=optuna: a job returned no number: {' '.join(failed[0].overrides or ())}")


def write_results(folder: Path, study: optuna.Study) -> None:
    """Leave the best trials in a file: one, or for several numbers all that no other beats in each."""
    best = [{"params": trial.params, "values": list(trial.values)} for trial in study.best_trials]
    with atomic(folder / RESULTS) as part:
        part.write_text(yaml.safe_dump({"name": "optuna", "solutions": best}, sort_keys=False))


def _counted(study: optuna.Study) -> list[optuna.trial.FrozenTrial]:
    """The trials but for those that were cut short, which stand there again."""
    return [trial for trial in study.get_trials(deepcopy=False) if "failed" in trial.user_attrs or trial.values]


def _told(study: optuna.Study, trial: Trial, job: JobReturn) -> bool:
    value = job.return_value if job.status == JobStatus.COMPLETED else None
    values = list(value) if isinstance(value, tuple | list) else [value]
    fine = len(values) == len(study.directions) and all(
        isinstance(one, int | float) and math.isfinite(one) for one in values
    )
    if not fine:
        trial.set_user_attr("failed", True)
        study.tell(trial, state=TrialState.FAIL)
    else:
        study.tell(trial, [float(one) for one in values if one is not None])
    return fine


def _distribution(override: Override) -> BaseDistribution:
    value = override.value()
    if isinstance(value, IntervalSweep):
        logarithmic, low, high = "log" in value.tags, value.start, value.end
        if isinstance(low, int) and isinstance(high, int):
            return IntDistribution(low, high, log=logarithmic)
        return FloatDistribution(float(low or 0.0), float(high or 0.0), log=logarithmic)
    options: list[CategoricalChoiceType] = list(override.sweep_string_iterator())
    return CategoricalDistribution(options)
