"""What a run makes first, for the store, goes on after a kill as well."""

from __future__ import annotations

import pytest

from deltalab.packed.packed import Packed
from deltalab.subspace.approximate import SubspaceApproximation

from .cuts import cut, left
from .stages import LEARN, MOVE, SOURCE, TINY, WHOLE
from .support import program

NEEDS = "needs.tune=['optimizer.lr=0.03','trainer.max_steps=4','trainer.val_check_interval=2']"
GIVEN = (*TINY[:-1], *MOVE, SOURCE, "subspace=d2", "trainer.max_steps=2", "trainer.val_check_interval=2", NEEDS)


@pytest.fixture(scope="module")
def through(model, tmp_path_factory):
    done = program(*GIVEN, folder=tmp_path_factory.mktemp("through") / "run", model=model)
    assert (done.code, done.err) == (0, "")
    return left(done.folder)


@pytest.mark.parametrize(("stage", "step"), [(Packed, 3), (SubspaceApproximation, 5)])
def test_a_nested_run_goes_on(stage, step, through, model, tmp_path):
    place = tmp_path / "run"
    cut(step, *GIVEN, folder=place, model=model, stage=stage)
    work = tmp_path / "run-store" / ".work"
    assert len(list(work.glob("*/checkpoints/last.ckpt"))) == 1
    done = program(*GIVEN, folder=place, model=model)
    assert (done.code, done.err) == (0, "")
    assert f"going on from step {step - 1}: {work}" in done.out
    assert list(work.iterdir()) == []
    assert left(place) == through


def test_what_is_given_up_is_no_hindrance(model, tmp_path):
    """Another run may want only some of what a killed one was making."""
    place, given = tmp_path / "run", (*TINY[:-1], *LEARN, *WHOLE, NEEDS)
    cut(3, *given, folder=place, model=model)
    assert program(*given, "subspace.solutions=2", folder=place, model=model).code == 0
