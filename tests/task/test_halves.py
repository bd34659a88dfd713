"""Two halves of the train rows, in pairs of batches."""

from __future__ import annotations

import pytest
from lightning.pytorch.utilities.combined_loader import CombinedLoader

from deltalab.errors import UserError
from deltalab.task.builtin import make
from deltalab.task.datamodule import TextDataModule
from deltalab.task.halves import Halves


def halves(tokenizer, train=21, seed=0, batch_size=4):
    task = make("topic", {"train": train, "dev": 5, "test": 7})
    data = Halves(TextDataModule(task, tokenizer, [1], batch_size, 3), seed)
    data.setup("fit")
    return data


def epoch(loader, number):
    """The rows of either half, step by step."""
    for one in loader.flattened:
        one.sampler.set_epoch(number)
    return [tuple(batch.rows.tolist() for batch in batches) for batches, _, _ in loader]


def rows(steps):
    return [sorted(row for step in steps for row in step[half]) for half in (0, 1)]


def test_halves_are_disjoint_equal_and_whole_but_for_an_odd_row(tokenizer):
    loader = halves(tokenizer).train_dataloader()
    assert isinstance(loader, CombinedLoader)
    steps = epoch(loader, 0)
    first, second = rows(steps)
    assert len(steps) == 3
    assert len(first) == len(second) == 10
    assert len({*first, *second}) == 20
    again = epoch(loader, 1)
    assert rows(again) == [first, second]
    assert again != steps


def test_rows_are_those_of_their_numbers(tokenizer):
    """A batch of a half holds the texts of the rows it names."""
    data = halves(tokenizer)
    split = data.data.encoder.split(data.data.task.train, "train")
    for batches, _, _ in data.train_dataloader():
        for batch in batches:
            expected = split[[(row, 0) for row in batch.rows.tolist()]]
            assert batch.input_ids.equal(expected.input_ids)
            assert batch.labels.equal(expected.labels)


def test_the_seed_decides(tokenizer):
    first, again, other = (rows(epoch(halves(tokenizer, seed=seed).train_dataloader(), 0)) for seed in (0, 0, 1))
    assert first == again != other


@pytest.mark.parametrize(("name", "count"), [("val_dataloader", 5), ("test_dataloader", 7)])
def test_evaluation_has_every_row_once(tokenizer, name, count):
    seen = [row for batch in getattr(halves(tokenizer), name)() for row in batch.rows.tolist()]
    assert sorted(seen) == list(range(count))


def test_one_row_is_too_few(tokenizer):
    with pytest.raises(UserError, match=r"^task topic: 1 train rows, and two halves take at least 2$"):
        halves(tokenizer, train=1)
