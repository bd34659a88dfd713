"""A run that goes on draws the random numbers that it would have drawn."""

from __future__ import annotations

import random

import numpy as np
import pytest
import torch
from lightning import Trainer

from deltalab.run.survival import Survival

from .cuts import STEPS, TUNE, cut, left
from .support import program

DROPOUT = (*TUNE, *STEPS, "backbone.dropout=0.25")


@pytest.fixture(scope="module")
def through(model, tmp_path_factory):
    done = program(*DROPOUT, folder=tmp_path_factory.mktemp("through") / "run", model=model)
    assert (done.code, done.err) == (0, "")
    return left(done.folder)


@pytest.mark.parametrize("step", [5, 6, 7, 11])  # six batches an epoch, a checkpoint every two
def test_dropout_goes_on(step, through, model, tmp_path):
    cut(step, *DROPOUT, folder=tmp_path, model=model)
    done = program(*DROPOUT, folder=tmp_path, model=model)
    assert (done.code, done.err) == (0, "")
    assert left(tmp_path) == through


@pytest.mark.parametrize("step", [5, 7])  # six batches an epoch
def test_a_run_given_in_epochs_goes_on(step, model, tmp_path):
    words = (*DROPOUT, "trainer.max_steps=-1", "trainer.max_epochs=2")
    whole = program(*words, folder=tmp_path / "whole", model=model)
    cut(step, *words, folder=tmp_path / "cut", model=model)
    done = program(*words, folder=tmp_path / "cut", model=model)
    assert (whole.code, done.code, done.err) == (0, 0, "")
    assert left(tmp_path / "cut") == left(tmp_path / "whole")


@pytest.mark.parametrize("step", [5, 9])  # epochs of four batches
def test_an_epoch_that_a_limit_ends_goes_on(step, model, tmp_path):
    words = (*TUNE, *STEPS, "+trainer.limit_train_batches=4")
    whole = program(*words, folder=tmp_path / "whole", model=model)
    cut(step, *words, folder=tmp_path / "cut", model=model)
    done = program(*words, folder=tmp_path / "cut", model=model)
    assert (whole.code, done.code, done.err) == (0, 0, "")
    assert left(tmp_path / "cut") == left(tmp_path / "whole")


def test_every_generator_goes_on_where_it_was():
    checkpoint, trainer = {}, Trainer(logger=False, enable_checkpointing=False, accelerator="cpu")
    Survival({"stage": "tune"}, {"max_steps": 2}).on_save_checkpoint(trainer, None, checkpoint)
    expected = torch.rand(3).tolist(), random.random(), np.random.rand(3).tolist()
    again = Survival({}, {"max_steps": 3})
    again.on_load_checkpoint(None, None, checkpoint)
    torch.rand(7)
    again.on_train_batch_start(None, None, None, 0)
    assert (torch.rand(3).tolist(), random.random(), np.random.rand(3).tolist()) == expected
    assert checkpoint["deltalab"] == {"stage": "tune"}
    assert again.lengths == [{"max_steps": 3}, {"max_steps": 2}]
    same = Survival({}, {"max_steps": 2})
    same.on_load_checkpoint(None, None, checkpoint)
    assert same.lengths == [{"max_steps": 2}]
