"""Checkpoints hold deltas only, and a run continues from any of them."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
import torch

from deltalab.delta.frozen import Frozen
from deltalab.optimizer.adafactor import FlatAdafactor

from .support import ADAMW, FULL, LORA, make, make_jobs, thetas, trainer

WANTED = ((Frozen(), 0, 0.0), (LORA, 0, 1e-2), (LORA, 1, 1e-2))


def fit(backbone, task, folder=None, optimizer=ADAMW, wanted=WANTED, resume=None, **settings):
    """A run of twelve steps, four batches an epoch."""
    module, data = make(backbone, task, make_jobs(backbone, *wanted), optimizer, patience=9, batch_size=10)
    quiet = trainer(folder, **{"max_steps": 12} | settings)
    quiet.fit(module, datamodule=data, ckpt_path=resume)
    return module, quiet


def checkpoint(folder: Path, step: int) -> Path:
    return folder / f"step={step}.ckpt"


def test_a_checkpoint_holds_thetas_and_their_optimiser_alone(fresh, task, tmp_path):
    module, _ = fit(fresh(), task, tmp_path)
    content = torch.load(checkpoint(tmp_path, 12), weights_only=True)
    expected = {f"{kind}.{i}" for kind in ("points", "best") for i in range(3)}
    assert set(content["state_dict"]) == expected
    numbers = 2 * module.jobs[1].delta.size  # of two jobs
    states = content["optimizer_states"][0]["state"].values()
    assert sum(t.numel() for state in states for t in state.values()) == 2 * numbers + 2  # two moments, two counts
    # Thetas, best thetas and two moments in float32; the rest is bookkeeping.
    assert checkpoint(tmp_path, 12).stat().st_size < 4 * 4 * numbers + 20_000


@pytest.mark.parametrize("optimizer", [ADAMW, partial(FlatAdafactor, beta1=0.9)], ids=["adamw", "adafactor"])
@pytest.mark.parametrize(
    "settings", [{}, {"accumulate_grad_batches": 2, "val_check_interval": 6}], ids=["plain", "accumulated"]
)
def test_a_run_continues_with_the_same_numbers(fresh, task, tmp_path, optimizer, settings):
    """Checkpoints lie anywhere in an epoch: within, at its end, and at the end of the run."""
    backbone = fresh()
    through, quiet = fit(backbone, task, tmp_path, optimizer, **settings)
    for saved in sorted(tmp_path.glob("*.ckpt")):
        again, resumed = fit(backbone, task, None, optimizer, resume=saved, **settings)
        assert resumed.global_step == quiet.global_step == 12
        for found, expected in zip([*thetas(again), *again.best], [*thetas(through), *through.best], strict=True):
            assert torch.equal(found, expected)
        assert again.progress == through.progress


def test_a_run_given_in_epochs_continues_too(fresh, task, tmp_path):
    """The loaders that count the steps are made before the checkpoint is read."""
    backbone, length = fresh(), {"max_steps": -1, "max_epochs": 3, "val_check_interval": 2}
    through, _ = fit(backbone, task, tmp_path, **length)
    for step in (2, 4, 6, 10):  # within an epoch of four batches, and at its end
        again, resumed = fit(backbone, task, resume=checkpoint(tmp_path, step), **length)
        assert resumed.global_step == 12
        assert all(torch.equal(one, other) for one, other in zip(thetas(again), thetas(through), strict=True))


def test_full_fine_tuning_continues_too(fresh, task, tmp_path):
    backbone, wanted = fresh(), ((FULL, 0, 1e-3),)
    through, _ = fit(backbone, task, tmp_path, wanted=wanted)
    again, _ = fit(backbone, task, wanted=wanted, resume=checkpoint(tmp_path, 6))
    assert torch.equal(again.points[0], through.points[0])


def test_what_has_ended_stays_ended(fresh, task, tmp_path):
    backbone = fresh()
    module, data = make(backbone, task, make_jobs(backbone, (LORA, 0, 1e-2), (LORA, 1, 1e-2)))
    module.progress[0].ended = "stopped"
    trainer(tmp_path, max_steps=6).fit(module, datamodule=data)
    again, data = make(backbone, task, module.jobs)
    trainer(max_steps=6).fit(again, datamodule=data, ckpt_path=checkpoint(tmp_path, 3))
    assert again.progress[0].ended == "stopped"
    assert torch.equal(again.points[0], module.jobs[0].start)
    assert torch.equal(again.points[1], module.points[1])
