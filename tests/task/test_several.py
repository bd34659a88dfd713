"""Several tasks advance together in training and one after the other in evaluation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deltalab.backbone.architecture.architecture import PLAIN
from deltalab.backbone.batch import Batch
from deltalab.errors import UserError
from deltalab.task.builtin import make
from deltalab.task.datamodule import TextDataModule
from deltalab.task.several import SeveralTasks


@pytest.fixture
def several(tokenizer):
    tasks = [make(name, {"train": size, "dev": 5, "test": 7}) for name, size in (("topic", 12), ("past_tense", 8))]
    data = SeveralTasks([TextDataModule(task, tokenizer, [0], 4, 3) for task in tasks])
    data.setup("fit")
    return data


def test_a_train_step_has_a_batch_of_each(several):
    steps = [batches for batches, _, _ in several.train_dataloader()]
    assert len(steps) == 3  # the longest task decides
    for place, rows in ((0, 12), (1, 8)):
        seen = [row for batches in steps for row in batches[place].rows.tolist()]
        assert len(seen) == 12
        assert set(seen) == set(range(rows))


def test_tasks_of_unequal_length_have_equal_batches(tokenizer):
    sizes = (21, 5, 10, 2)
    tasks = [make("topic", {"train": size, "dev": 5, "test": 7}) for size in sizes]
    data = SeveralTasks([TextDataModule(task, tokenizer, [0], 4, 3) for task in tasks])
    data.setup("fit")
    steps = [[batch.rows.tolist() for batch in batches] for batches, _, _ in data.train_dataloader()]
    assert [[len(rows) for rows in batches] for batches in steps] == [[4] * 4] * 5 + [[1] * 4]
    for place, size in enumerate(sizes):
        seen = [row for batches in steps for row in batches[place]]
        assert {seen.count(row) - 21 // size for row in range(size)} <= {0, 1}
    loaders = data.train_dataloader().flattened
    for _ in zip(*loaders, strict=True):
        pass
    for loader in loaders:  # whose states say so, and go on with the next epoch
        assert loader.state_dict()["given"] == len(loader) == 6


@pytest.mark.parametrize(("name", "rows"), [("val_dataloader", 5), ("test_dataloader", 7)])
def test_evaluation_visits_every_row_of_every_task_once(several, name, rows):
    seen = {0: [], 1: []}
    for batch, _, place in getattr(several, name)():
        seen[place] += batch.rows.tolist()
    assert sorted(seen[0]) == sorted(seen[1]) == list(range(rows))


@pytest.mark.parametrize(("second", "among"), [("topic", True), ("past_tense", False)])
def test_tasks_share_one_loss(tokenizer, second, among):
    tasks = [make(name, {"train": 4, "dev": 2, "test": 2}) for name in ("movie_sentiment", second)]
    wording = replace(PLAIN, among_labels=True)  # as encoders read
    data = SeveralTasks([TextDataModule(task, tokenizer, [0], 4, 3, wording=wording) for task in tasks])
    data.setup("fit")
    (batches, _, _), *_ = data.train_dataloader()
    assert [batch.candidates is not None for batch in batches] == [among] * 2
    if not among:
        Batch.joined(batches, 0)


def test_mistakes(several, tokenizer):
    with pytest.raises(UserError, match="task: needs at least one"):
        SeveralTasks([])
    other = TextDataModule(make("topic", {"train": 12, "dev": 5, "test": 7}), tokenizer, [0], 2, 3)
    with pytest.raises(UserError, match="batch_size: several tasks"):
        SeveralTasks([several.tasks[0], other])
