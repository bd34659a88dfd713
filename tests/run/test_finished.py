"""A folder with a finished run is not written over by another, and the same run finds nothing left to train."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from deltalab.packed.packed import Packed

from .cuts import ROWS, STEPS, TUNE, left
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
    ("word", "told"),
    [
        ("seed=1", "seed was 42, here 1"),
        ("delta.alpha=3", "delta.alpha was 16.0, here 3"),
        ("trainer.gradient_clip_val=0.5", "trainer.gradient_clip_val was 1.0, here 0.5"),
        ("trainer.precision=bf16-mixed", "trainer.precision was 32-true, here bf16-mixed"),
    ],
)
def test_another_run_is_refused(word, told, run, model):
    before = left(run)
    done = program(*TUNE, *STEPS, word, folder=run, model=model)
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert done.err.startswith(f"error: hydra.run.dir={run}: holds a finished run of other settings ({told})")
    assert left(run) == before


def test_a_finished_search_runs_again_but_not_with_another_budget(model, tmp_path):
    """A typed key of the budget takes the place of the option's, also in the record that is compared with."""
    short = (ROWS, "data.batch_size=8", "choice=uniform", "retrain=false")
    for word, code in (
        ("budget.parameters=3000", 0),
        ("budget.parameters=3000", 0),
        ("budget.parameters=2000", 2),
        ("budget.ppm=70000", 2),
        ("seed=42", 2),
    ):
        done = program(*short, word, folder=tmp_path / "run", model=model, name="search")
        assert done.code == code, (word, done.err)
        assert code == 0 or "holds a finished run of other settings (budget." in done.err
