"""Jobs trained together end with the numbers they have when trained alone."""

from __future__ import annotations

from functools import partial

import pytest
import torch

from deltalab.delta.frozen import Frozen
from deltalab.optimizer.adafactor import FlatAdafactor

from .support import ADAMW, FULL, LORA, make, make_jobs, thetas, trainer

JOBS = [(method, seed, lr) for method in (LORA, FULL) for seed in (0, 1) for lr in (1e-2, 1e-3)]
ADAFACTOR = partial(FlatAdafactor, weight_decay=0.01)


def run(backbone, task, jobs, optimizer, **settings):
    """Trained thetas, dev scores and test scores."""
    module, data = make(backbone, task, jobs, optimizer)
    quiet = trainer(**settings)
    quiet.fit(module, datamodule=data)
    quiet.test(module, datamodule=data, verbose=False)
    return thetas(module), [(p.best, p.best_step, p.test) for p in module.progress]


@pytest.mark.parametrize("optimizer", [ADAMW, ADAFACTOR], ids=["adamw", "adafactor"])
@pytest.mark.parametrize(
    "settings", [{}, {"accumulate_grad_batches": 2, "gradient_clip_val": 0.1}], ids=["plain", "all"]
)
def test_packed_jobs_are_separate_runs(fresh, task, optimizer, settings):
    backbone = fresh()
    jobs = make_jobs(backbone, *JOBS)
    together, scores = run(backbone, task, jobs, optimizer, max_steps=4, val_check_interval=2, **settings)
    for job, theta, score in zip(jobs, together, scores, strict=True):
        (alone,), (expected,) = run(backbone, task, [job], optimizer, max_steps=4, val_check_interval=2, **settings)
        torch.testing.assert_close(theta, alone, rtol=0, atol=1e-4)
        assert (theta - job.start).abs().max() > 1e-4
        assert score == expected


def test_each_job_is_clipped_by_its_own_norm(fresh, task):
    backbone = fresh()
    jobs = make_jobs(backbone, (LORA, 0, 1.0), (LORA, 1, 1.0), (FULL, 0, 1.0))
    module, data = make(backbone, task, jobs, torch.optim.SGD)
    trainer(max_steps=1, gradient_clip_val=1e-3).fit(module, datamodule=data)
    warmed = module.schedule.factor(0, 1)
    for job, theta in zip(jobs, module.points, strict=True):
        assert (theta - job.start).norm().item() == pytest.approx(1e-3 * warmed, rel=1e-2)


def test_values_can_be_clipped_instead(fresh, task):
    backbone = fresh()
    jobs = make_jobs(backbone, (LORA, 0, 1.0), (LORA, 1, 1.0))
    module, data = make(backbone, task, jobs, torch.optim.SGD)
    trainer(max_steps=1, gradient_clip_val=1e-4, gradient_clip_algorithm="value").fit(module, datamodule=data)
    for job, theta in zip(jobs, module.points, strict=True):
        assert (theta - job.start).abs().max().item() == pytest.approx(1e-4, rel=1e-2)


def test_a_frozen_job_stays_empty_beside_others(fresh, task):
    backbone = fresh()
    jobs = make_jobs(backbone, (Frozen(), 0, 0.0), (LORA, 0, 1e-2))
    (nothing, theta), (frozen, _) = run(backbone, task, jobs, ADAMW, max_steps=4)
    (alone,), _ = run(backbone, task, jobs[1:], ADAMW, max_steps=4)
    assert nothing.numel() == 0
    assert frozen[1] == 0
    torch.testing.assert_close(theta, alone, rtol=0, atol=1e-4)
