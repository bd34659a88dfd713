"""Jobs chosen by Optuna."""

from __future__ import annotations

import math

import pytest
import yaml
from hydra.core.utils import JobReturn, JobStatus

from deltalab.errors import UserError

optuna = pytest.importorskip("optuna")

from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution  # noqa: E402
from optuna.trial import TrialState  # noqa: E402

from deltalab.run.trials import Settings, space, study_of, try_out, write_results  # noqa: E402

BOTH = ("score", "parameters")


def settings(trials: int, at_once: int = 1, failures: float = 0.0, names: tuple[str, ...] = ("score",)) -> Settings:
    return Settings.of(trials, at_once, failures, None, names)


def returned(value, failed: bool = False) -> JobReturn:
    return JobReturn(overrides=["x"], status=JobStatus.FAILED if failed else JobStatus.COMPLETED, _return_value=value)


class Jobs:
    """Runs jobs: what each of them returns is a function of its overrides."""

    def __init__(self, value) -> None:
        self.value, self.asked, self.batches = value, [], []

    def __call__(self, batch, first):
        self.batches.append((first, len(batch)))
        self.asked += [dict(word.split("=") for word in words) for words in batch]
        return [self.value(dict(word.split("=") for word in words)) for words in batch]


def test_sweeps_become_distributions_and_the_rest_is_fixed() -> None:
    found = space(
        [
            "a=1,x,null",
            "b=choice(0.5,2)",
            "c=range(2,8,3)",
            "d=int(interval(0,1))",
            "e=tag(log,interval(1e-4,1e-1))",
            "+f=interval(0.5,2)",
            "g=[1,2]",
            "h='a b'",
        ]
    )
    assert found.fixed == ["g=[1,2]", "h='a b'"]
    assert found.free == {
        "a": CategoricalDistribution(["1", "x", "null"]),
        "b": CategoricalDistribution(["0.5", "2"]),
        "c": CategoricalDistribution(["2", "5"]),
        "d": IntDistribution(0, 1),
        "e": FloatDistribution(1e-4, 1e-1, log=True),
        "+f": FloatDistribution(0.5, 2.0),
    }


def test_nothing_to_choose_is_refused() -> None:
    with pytest.raises(UserError, match=r"^hydra/sweeper=optuna: nothing to choose"):
        space(["a=1"])


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ((0, 1, 0.0, None), r"n_trials=0: must be a whole number, at least 1"),
        ((1, 0, 0.0, None), r"n_jobs=0: must be"),
        ((1, 1, 2, None), r"max_failure_rate=2: must be a number from 0 to 1"),
        ((1, 1, 0.0, "maximise"), r"direction: unknown direction 'maximise'; did you mean maximize"),
        ((1, 1, 0.0, ["maximize"]), r"direction=\['maximize'\]: sweep.objectives has 2 numbers"),
    ],
)
def test_wrong_settings_are_refused(given, message) -> None:
    with pytest.raises(UserError, match=message):
        Settings.of(*given, BOTH)


def test_the_best_of_the_trials_is_found_and_a_study_goes_on(tmp_path) -> None:
    storage, jobs = f"sqlite:///{tmp_path}/a.db", Jobs(lambda job: returned(-((float(job["x"]) - 0.5) ** 2)))
    chosen = space(["x=interval(0.0,1.0)", "y=3"])
    study = study_of("s", storage, settings(5, 2), "random", 0)
    try_out(study, chosen, settings(5, 2), jobs)
    assert jobs.batches == [(0, 2), (2, 2), (4, 1)]
    assert all(job["y"] == "3" for job in jobs.asked)
    again = study_of("s", storage, settings(7), "random", 1)
    try_out(again, chosen, settings(7), jobs)
    assert len(jobs.asked) == 7
    write_results(tmp_path, again)
    (best,) = yaml.safe_load((tmp_path / "optimization_results.yaml").read_text())["solutions"]
    nearest = min((float(job["x"]) for job in jobs.asked), key=lambda x: abs(x - 0.5))
    assert best["params"]["x"] == pytest.approx(nearest)


def test_of_several_numbers_all_that_none_beats_are_left(tmp_path) -> None:
    values = {"1": (0.5, 10), "2": (0.9, 30), "3": (0.4, 20), "4": (0.6, 5)}
    asked, two = space(["x=1,2,3,4"]), settings(12, 3, names=BOTH)
    study = study_of("s", f"sqlite:///{tmp_path}/a.db", two, "random", 0)
    jobs = Jobs(lambda job: returned(values[job["x"]]))
    try_out(study, asked, two, jobs)
    assert {job["x"] for job in jobs.asked} == {"1", "2", "3", "4"}
    write_results(tmp_path, study)
    found = yaml.safe_load((tmp_path / "optimization_results.yaml").read_text())["solutions"]
    assert {one["params"]["x"] for one in found} == {"2", "4"}  # 4 beats 1 and 3 in both


@pytest.mark.parametrize("value", [math.nan, None, "x", (0.5, 3)])
def test_what_is_no_score_counts_as_failed(value, tmp_path) -> None:
    study = study_of("s", f"sqlite:///{tmp_path}/a.db", settings(2), "tpe", 0)
    with pytest.raises(UserError, match=r"a job returned no number: x"):
        try_out(study, space(["x=1,2"]), settings(2), Jobs(lambda job: returned(value)))
    assert [trial.state for trial in study.trials] == [TrialState.FAIL]


def test_failures_are_borne_up_to_their_share(tmp_path) -> None:
    jobs = Jobs(lambda job: returned(RuntimeError("broken"), failed=True) if job["x"] == "1" else returned(0.5))
    chosen, lenient = space(["x=1,2"]), settings(8, 1, failures=1.0)
    study = study_of("s", f"sqlite:///{tmp_path}/a.db", lenient, "random", 0)
    try_out(study, chosen, lenient, jobs)
    assert len(jobs.asked) == 8
    with pytest.raises(RuntimeError, match="broken"):
        try_out(study, chosen, settings(99), jobs)


def test_a_trial_that_was_cut_short_is_asked_for_again(tmp_path) -> None:
    storage, chosen = f"sqlite:///{tmp_path}/a.db", space(["x=interval(0.0,1.0)"])
    cut = study_of("s", storage, settings(1), "random", 0).ask(chosen.free)
    jobs = Jobs(lambda job: returned(0.5))
    try_out(study_of("s", storage, settings(1), "random", 1), chosen, settings(1), jobs)
    assert [float(job["x"]) for job in jobs.asked] == [cut.params["x"]]


def test_a_study_of_something_else_is_refused(tmp_path) -> None:
    storage = f"sqlite:///{tmp_path}/a.db"
    study_of("s", storage, settings(1), "tpe", None)
    with pytest.raises(UserError, match=r"^hydra\.sweeper\."):
        study_of("s", storage, settings(1, names=BOTH), "tpe", None)
    with pytest.raises(UserError, match=r"^hydra\.sweeper\.storage=nosuch: "):
        study_of("s", "nosuch", settings(1), "tpe", None)
    with pytest.raises(UserError, match=r"sampler\.kind: unknown sampler 'tpee'; did you mean tpe"):
        study_of("s", storage, settings(1), "tpee", None)
