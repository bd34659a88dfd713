"""Equal blocks of rows of tasks whose batches differ."""

from __future__ import annotations

import torch

from deltalab.backbone.batch import Batch
from deltalab.subspace.blocks import blocks


def batch(first: int, count: int, length: int) -> Batch:
    ids = torch.ones(count, length).long()
    return Batch(ids, ids, ids, torch.arange(first, first + count))


def test_any_rows_of_a_longer_batch_are_taken():
    """Batches come in order of length: taking the first would never train on the longest."""
    chance = torch.Generator().manual_seed(0)
    taken = [blocks([batch(0, 5, 3), batch(10, 2, 4)], 0, chance) for _ in range(60)]
    assert {row for one in taken for row in one.rows[:2].tolist()} == {0, 1, 2, 3, 4}
    for one in taken:
        assert len(set(one.rows[:2].tolist())) == 2
        assert one.rows[2:].tolist() == [10, 11]
        assert one.input_ids.tolist() == [[1, 1, 1, 0]] * 2 + [[1, 1, 1, 1]] * 2


def test_equal_batches_stay_in_order():
    chance = torch.Generator().manual_seed(0)
    before = chance.get_state()
    assert blocks([batch(0, 3, 2), batch(5, 3, 2)], 0, chance).rows.tolist() == [0, 1, 2, 5, 6, 7]
    assert torch.equal(chance.get_state(), before)
