"""Processes share the rows of a batch."""

from __future__ import annotations

import pytest
import torch

from deltalab.task.sampler import BucketSampler, PackedSampler, SortedSampler
from deltalab.task.share import ShareSampler, shared

LENGTHS = torch.tensor([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5])
ONES = torch.ones(len(LENGTHS), dtype=torch.long)


def packed() -> PackedSampler:
    return PackedSampler([BucketSampler(LENGTHS, ONES, 4, seed) for seed in (0, 1, 2)])


@pytest.mark.parametrize("world", [2, 3])
@pytest.mark.parametrize("epoch", [0, 1, 5])
def test_shares_make_up_every_block_of_every_batch(world: int, epoch: int) -> None:
    whole, shares = packed(), [ShareSampler(packed(), 3, rank, world) for rank in range(world)]
    for sampler in (whole, *shares):
        sampler.set_epoch(epoch)  # reaches the samplers inside
    assert [len(share) for share in shares] == [len(whole)] * world
    for batch, *parts in zip(whole, *shares, strict=True):
        size = len(batch) // 3
        for block in range(3):
            pairs = batch[block * size : (block + 1) * size]
            found = [part[len(part) // 3 * block : len(part) // 3 * (block + 1)] for part in parts]
            assert sorted(pair for part in found for pair in part) == sorted(pairs)


def test_evaluation_gives_every_row_to_one_process() -> None:
    shares = [ShareSampler(SortedSampler(LENGTHS, 4), 1, rank, 2) for rank in range(2)]
    for share in shares:
        share.set_epoch(3)  # has none to pass on
    rows = [row for share in shares for batch in share for row, _ in batch]
    assert sorted(rows) == list(range(len(LENGTHS)))


def test_no_process_is_left_without_a_row() -> None:
    shares = [list(ShareSampler(SortedSampler(LENGTHS, 10), 1, rank, 3)) for rank in range(3)]
    assert [len(batches[1]) for batches in shares] == [1, 1, 1]  # of the one row that is left


def test_alone_a_sampler_stays_as_it_is() -> None:
    sampler = packed()
    assert shared(sampler, 3) is sampler
