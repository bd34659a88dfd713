"""Processes share the rows of a batch."""

from __future__ import annotations

import torch

from deltalab.task.sampler import SortedSampler
from deltalab.task.share import ShareSampler, shared

LENGTHS = torch.tensor([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5])


def test_every_row_goes_to_one_process() -> None:
    shares = [ShareSampler(SortedSampler(LENGTHS, 4), rank, 2) for rank in range(2)]
    assert [len(share) for share in shares] == [3, 3]
    for batch, *parts in zip(SortedSampler(LENGTHS, 4), *shares, strict=True):
        assert sorted(pair for part in parts for pair in part) == sorted(batch)


def test_no_process_is_left_without_a_row() -> None:
    shares = [list(ShareSampler(SortedSampler(LENGTHS, 10), rank, 3)) for rank in range(3)]
    assert [len(batches[1]) for batches in shares] == [1, 1, 1]  # of the one row that is left


def test_alone_a_sampler_stays_as_it_is() -> None:
    sampler = SortedSampler(LENGTHS, 4)
    assert shared(sampler) is sampler
