"""A run of search.py goes on wherever it was killed: in the search, or in the retraining of what it found."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from deltalab.packed.packed import Packed
from deltalab.search.bilevel import StructureSearch

from .cuts import cut, left
from .searching import SEARCH
from .support import program

LONGER = ("trainer.max_steps=6", "trainer.val_check_interval=2")
GIVEN = (*SEARCH, *LONGER, "backbone.dropout=0.25", "stack.attention=eager")


@pytest.fixture(scope="module")
def through(model, tmp_path_factory):
    done = program(*GIVEN, folder=tmp_path_factory.mktemp("through") / "run", model=model, name="search")
    assert (done.code, done.err) == (0, "")
    return {**left(done.folder), "structure": structure(done.folder)}


def structure(folder):
    """The structure that was found, but for the folder it tells of."""
    return (folder / "structure.yaml").read_text().replace(str(folder), "FOLDER")


def test_it_goes_on_in_the_search(through, model, tmp_path):
    cut(5, *GIVEN, folder=tmp_path, model=model, stage=StructureSearch, name="search")
    done = program(*GIVEN, folder=tmp_path, model=model, name="search")
    assert (done.code, done.err) == (0, "")
    assert f"going on from step 4: {tmp_path / 'search'}" in done.out
    assert {**left(tmp_path), "structure": structure(tmp_path)} == through


def test_it_goes_on_in_the_retraining_and_searches_no_more(through, model, tmp_path):
    cut(5, *GIVEN, folder=tmp_path, model=model, stage=Packed, name="search")
    assert structure(tmp_path) == through["structure"]
    steps = []

    def step(module, batches, index):
        steps.append(index)

    with patch.object(StructureSearch, "training_step", step):
        done = program(*GIVEN, folder=tmp_path, model=model, name="search")
    assert (done.code, done.err) == (0, "")
    assert f"going on from step 4: {tmp_path / 'checkpoints'}" in done.out
    assert steps == []
    assert {**left(tmp_path), "structure": structure(tmp_path)} == through


def test_the_search_alone_goes_on_in_another_folder(through, model, tmp_path):
    cut(5, *GIVEN, folder=tmp_path / "cut", model=model, stage=Packed, name="search")
    given = (*GIVEN, f"resume={tmp_path / 'cut'}")
    done = program(*given, folder=tmp_path / "other", model=model, name="search")
    assert (done.code, done.err) == (0, "")
    assert done.out.count("going on from step") == 1
    assert left(tmp_path / "other")["jobs"] == through["jobs"]


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("trainer.precision=bf16-mixed", "jobs.trainer.precision was 32-true, here bf16-mixed"),
        ("+trainer.limit_train_batches=1", "jobs.trainer.limit_train_batches was None, here 1"),
    ],
)
def test_a_search_goes_on_under_its_own_trainer_alone(through, model, tmp_path, word, told):
    cut(5, *GIVEN, folder=tmp_path / "cut", model=model, stage=StructureSearch, name="search")
    last = tmp_path / "cut" / "search" / "checkpoints" / "last.ckpt"
    done = program(*GIVEN, word, f"resume={last}", folder=tmp_path / "other", model=model, name="search")
    assert done.code == 2
    assert "a checkpoint of another run" in done.err
    assert told in done.err
