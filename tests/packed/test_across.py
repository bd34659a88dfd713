"""Processes share the rows of every block of a batch."""

from __future__ import annotations

from unittest.mock import patch

import pytest
import torch

from deltalab.backbone.batch import IGNORED, Batch
from deltalab.packed import across


def part(batch: Batch, blocks: int, rank: int, world: int) -> Batch:
    """What one of several processes takes of a batch."""
    with patch.object(across, "world", lambda: world), patch.object(across, "rank", lambda: rank):
        return across.own(batch, blocks)


@pytest.mark.parametrize("world", [2, 3])
@pytest.mark.parametrize("size", [3, 4, 7])
def test_parts_make_up_every_block(size, world, make_batch):
    whole = make_batch(3 * size)
    parts = [part(whole, 3, rank, world) for rank in range(world)]
    for block in range(3):
        found = [row for one in parts for row in one.rows.view(3, -1)[block].tolist()]
        assert sorted(found) == whole.rows.view(3, -1)[block].tolist()
    for one in parts:
        assert torch.equal(one.labels, whole.labels[one.rows])


def test_who_has_no_row_takes_the_first_of_each_block_without_its_answer(make_batch):
    idle = part(whole := make_batch(4), 2, 2, 3)
    assert idle.rows.tolist() == [0, 2]
    assert torch.equal(idle.input_ids, whole.input_ids[[0, 2]])
    assert (idle.labels == IGNORED).all()


def test_alone_every_row_is_own(make_batch):
    whole = make_batch(4)
    assert across.own(whole, 2) is whole
