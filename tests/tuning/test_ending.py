"""How jobs end: early, by diverging, one by one or all together."""

from __future__ import annotations

import logging
import math

import pytest
import torch

from deltalab.errors import UserError
from deltalab.tuning.delta_tuning import DeltaTuning

from .support import FULL, LORA, make, make_jobs, thetas, trainer

STILL = 1e-12  # a learning rate that never changes a prediction


def passes(module, monkeypatch):
    """How many vectors each training pass carries, filled in as the module trains."""
    seen, segments = [], DeltaTuning._segments
    monkeypatch.setattr(
        module, "_segments", lambda *given: seen.append((len(given[0]), module.training)) or segments(module, *given)
    )
    return seen


def test_a_job_that_stops_early_frees_its_rows_and_changes_no_other(fresh, task, monkeypatch):
    backbone = fresh()
    jobs = make_jobs(backbone, (LORA, 0, STILL), (LORA, 1, 1e-2), (FULL, 0, 1e-2))
    scores = iter([0.5, 0.5, 0.5, 0.4, 0.6, 0.6, 0.7, 0.7])  # job 0 gets no second chance
    module, data = make(backbone, task, jobs, patience=1)
    real = DeltaTuning._score

    def scored(split, i):
        score = real(module, split, i)
        return type(score)(next(scores)) if split == "dev" else score

    monkeypatch.setattr(module, "_score", scored)
    seen = passes(module, monkeypatch)
    trainer(max_steps=6, val_check_interval=2).fit(module, datamodule=data)
    assert [count for count, training in seen if training] == [3, 3, 3, 3, 2, 2]
    assert [p.ended for p in module.progress] == ["stopped", None, None]
    alone, data = make(backbone, task, jobs[1:])
    trainer(max_steps=6, val_check_interval=2).fit(alone, datamodule=data)
    for theta, expected in zip(thetas(module)[1:], thetas(alone), strict=True):
        torch.testing.assert_close(theta, expected, rtol=0, atol=1e-4)


def test_a_stopped_job_keeps_its_theta(fresh, task):
    backbone = fresh()
    module, data = make(backbone, task, make_jobs(backbone, (LORA, 0, 1e-2), (LORA, 1, 1e-2)))
    module.progress[0].ended = "stopped"
    trainer(max_steps=3).fit(module, datamodule=data)
    assert torch.equal(module.points[0], module.jobs[0].start)
    assert not torch.equal(module.points[1], module.jobs[1].start)


def test_training_ends_with_the_last_job(fresh, task):
    backbone = fresh()
    module, data = make(backbone, task, make_jobs(backbone, (LORA, 0, STILL), (LORA, 1, STILL)), patience=2)
    quiet = trainer(max_steps=50, val_check_interval=2)
    quiet.fit(module, datamodule=data)
    assert quiet.global_step == 6
    assert [(p.best_step, p.ended) for p in module.progress] == [(2, "stopped")] * 2


def test_a_job_that_diverges_ends_at_its_best_theta_while_others_go_on(fresh, task, caplog):
    backbone = fresh()
    jobs = make_jobs(backbone, (LORA, 0, 1e-2), (LORA, 1, 1e30), (FULL, 1, 1e-2))
    module, data = make(backbone, task, jobs)
    with caplog.at_level(logging.ERROR):
        trainer(max_steps=4, val_check_interval=4, gradient_clip_val=1.0).fit(module, datamodule=data)
    assert [p.ended for p in module.progress] == [None, "diverged", None]
    assert "job lora-1-1e+30: loss nan at step" in caplog.text
    assert torch.equal(module.points[1], jobs[1].start)
    assert (module.progress[1].best_step, module.progress[0].best_step) == (0, 4)
    for theta, job in ((module.points[0], jobs[0]), (module.points[2], jobs[2])):
        alone, data = make(backbone, task, [job])
        trainer(max_steps=4, gradient_clip_val=1.0).fit(alone, datamodule=data)
        torch.testing.assert_close(theta, alone.points[0], rtol=0, atol=1e-4)


def test_a_theta_that_is_not_finite_is_never_scored(fresh, task):
    """The likeliest label by a score of NaN is the first, which may well be the majority."""
    backbone = fresh()
    jobs = make_jobs(backbone, (LORA, 0, 1e-2), (LORA, 1, 1e-2))
    module, data = make(backbone, task, jobs)
    with torch.no_grad():
        module.points[0][3] = math.nan
    quiet = trainer()
    quiet.validate(module, datamodule=data, verbose=False)
    assert module.progress[0].ended == "diverged"
    assert torch.equal(module.best[0], jobs[0].start)


def test_a_single_job_that_diverges_is_told_in_one_line(fresh, task):
    backbone = fresh()
    module, data = make(backbone, task, make_jobs(backbone, (LORA, 0, 1e30)))
    with pytest.raises(
        UserError,
        match=r"^job lora-0-1e\+30: loss nan at step \d, lr 1e\+30, train rows \[[\d, ]+\]; no job is left [^\n]*$",
    ):
        trainer().fit(module, datamodule=data)


def test_a_last_job_that_diverges_does_not_cost_those_that_stopped_before(fresh, task):
    backbone = fresh()
    module, data = make(backbone, task, make_jobs(backbone, (LORA, 0, 1e-2), (LORA, 1, 1e30)))
    module.progress[0].ended = "stopped"
    quiet = trainer(max_steps=50)
    quiet.fit(module, datamodule=data)
    quiet.test(module, datamodule=data, verbose=False)
    assert [p.ended for p in module.progress] == ["stopped", "diverged"]
    assert quiet.global_step < 5
    assert all(p.test is not None for p in module.progress)


def test_a_patience_below_one_is_refused(fresh, task):
    backbone = fresh()
    with pytest.raises(UserError, match=r"stage\.patience=0"):
        make(backbone, task, make_jobs(backbone, (LORA, 0, 1e-2)), patience=0)
