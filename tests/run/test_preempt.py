"""A run that is asked to end leaves a checkpoint of the step under way, and a code that asks to be started again."""

from __future__ import annotations

import os
import signal
from unittest.mock import patch

import pytest
import torch

from deltalab.packed.packed import Packed
from deltalab.run.preempt import Preempted, preemptible
from deltalab.tuning.delta_tuning import DeltaTuning

from .cuts import STEPS, TUNE, left
from .support import program

GIVEN = (*TUNE, *STEPS, "backbone.dropout=0.25")


@pytest.fixture(scope="module")
def through(model, tmp_path_factory):
    done = program(*GIVEN, folder=tmp_path_factory.mktemp("through") / "run", model=model)
    assert (done.code, done.err) == (0, "")
    return left(done.folder)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGUSR1])
@pytest.mark.parametrize("step", [2, 3, 5, 11])  # dev is due after odd ones; an epoch ends after 5, the run after 11
def test_a_run_in_training_goes_on_after_the_very_step(number, step, through, model, tmp_path):
    training_step = Packed.training_step

    def asked(module, batch, index):
        if module.trainer.global_step == step:
            os.kill(os.getpid(), number)
        return training_step(module, batch, index)

    with patch.object(Packed, "training_step", asked):
        done = program(*GIVEN, folder=tmp_path, model=model)
    assert (done.code, done.err) == (75, "")
    assert not (tmp_path / "record.json").exists()
    found = torch.load(tmp_path / "checkpoints" / "last.ckpt", weights_only=True)
    assert found["global_step"] == step + 1
    again = program(*GIVEN, folder=tmp_path, model=model)
    assert (again.code, again.err) == (0, "")
    assert left(tmp_path) == through


@pytest.mark.parametrize("hook", ["validation_step", "test_step"])
def test_a_run_that_is_judged_goes_on_too(hook, through, model, tmp_path):
    def asked(module, batch, index):
        os.kill(os.getpid(), signal.SIGTERM)
        return step(module, batch, index)

    step = getattr(Packed, hook)
    with patch.object(DeltaTuning, hook, asked, create=True):
        done = program(*GIVEN, folder=tmp_path, model=model)
    assert done.code == 75
    assert program(*GIVEN, folder=tmp_path, model=model).code == 0
    assert left(tmp_path) == through


def test_accumulated_gradients_are_not_lost(model, tmp_path):
    given = (*TUNE, "trainer.max_steps=6", "trainer.val_check_interval=4", "trainer.accumulate_grad_batches=2")
    through = program(*given, folder=tmp_path / "through", model=model).folder
    training_step = Packed.training_step

    def asked(module, batch, index):
        if index == 2:  # the first of two
            os.kill(os.getpid(), signal.SIGTERM)
        return training_step(module, batch, index)

    with patch.object(Packed, "training_step", asked):
        assert program(*given, folder=tmp_path / "cut", model=model).code == 75
    assert program(*given, folder=tmp_path / "cut", model=model).code == 0
    assert left(tmp_path / "cut") == left(through)


def test_outside_of_training_it_ends_at_once_and_handlers_are_put_back():
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(Preempted) as end, preemptible():
        signal.raise_signal(signal.SIGTERM)
    assert end.value.code == 75
    assert signal.getsignal(signal.SIGTERM) == before


def test_the_handlers_of_a_cluster_stay(monkeypatch):
    monkeypatch.setenv("SLURM_NTASKS", "1")
    monkeypatch.setenv("SLURM_JOB_NAME", "train")
    before = signal.getsignal(signal.SIGUSR1)
    with preemptible():
        assert signal.getsignal(signal.SIGUSR1) == before
