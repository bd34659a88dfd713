"""A folder with a finished run is not written over by another, and the same run finds nothing left to train."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from deltalab.packed.packed import Packed

from .cuts import STEPS, TUNE, left
from .support import program


@pytest.fixture(scope="module")
def run(model, tmp_path_factory):
    done = program(*TUNE, *STEPS, folder=tmp_path_factory.mktemp("finished") / "run", model=model)
    assert (done.code, done.err) == (0, "")
    return done.folder


def test_the_same_run_again_trains_nothing_and_leaves_the_same(run, model):
    before = left(run)

    def step(module, batch, index):
        raise AssertionError("trained again")

    with patch.object(Packed, "training_step", step):
        done = program(*TUNE, *STEPS, folder=run, model=model)
    assert (done.code, done.err) == (0, "")
    assert "this run has finished before" in done.out
    assert left(run) == before


@pytest.mark.parametrize(
    ("word", "told"), [("seed=1", "seed was 42, here 1"), ("delta.alpha=3", "delta.alpha was 16.0, here 3")]
)
def test_another_run_is_refused(word, told, run, model):
    before = left(run)
    done = program(*TUNE, *STEPS, word, folder=run, model=model)
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert done.err.startswith(f"error: hydra.run.dir={run}: holds a finished run of other settings ({told})")
    assert left(run) == before
