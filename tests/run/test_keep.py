"""What the store keeps of a run, and how to keep less."""

from __future__ import annotations

import pytest

from .stages import LEARN, ROWS, TINY, stored, watched
from .support import program

SHORT = (f"task.sizes={ROWS}", "delta.rank=2", "trainer.max_steps=1")


@pytest.mark.parametrize(("given", "kept"), [((), 1), (("store.keep=true",), 1), (("store.keep=false",), 0)])
def test_tuning_keeps_its_solution_or_not(given, kept, model, tmp_path):
    done = program(*TINY[:3], *SHORT, *given, folder=tmp_path / "run", model=model)
    assert (done.code, done.err) == (0, "")
    assert (tmp_path / "run" / "solution" / "solution.json").exists()
    assert len(stored(tmp_path / "run-store", "solution")) == kept


def test_a_subspace_can_stay_out_of_the_store_but_its_solutions_are_kept(model, tmp_path):
    store = f"store.root={tmp_path / 'store'}"
    done = watched(*LEARN, "store.keep=false", store, folder=tmp_path / "run", model=model)
    assert (done.folder / "subspace" / "subspace.json").exists()
    assert len(stored(tmp_path / "store", "solution")) == len(done.tuned) == 2
    assert stored(tmp_path / "store", "subspace") == []


def test_keep_is_true_or_false(model, tmp_path):
    done = program(*TINY[:3], *SHORT, "store.keep=3", folder=tmp_path / "run", model=model)
    assert (done.code, done.err) == (2, "error: store.keep=3: must be true or false\n")
