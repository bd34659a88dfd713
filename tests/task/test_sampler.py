"""Properties of the batches: every row once, reproducible, of like length, packed jobs in step."""

from collections import Counter

import pytest
import torch

from deltalab.errors import UserError
from deltalab.task.sampler import BucketSampler, PackedSampler, SortedSampler

ROWS = 1003
LENGTHS = torch.randint(3, 120, (ROWS,), generator=torch.Generator().manual_seed(0))
COUNTS = torch.randint(1, 4, (ROWS,), generator=torch.Generator().manual_seed(1))


def sampler(seed: int = 0, epoch: int = 0, size: int = 8, rows: int = ROWS) -> BucketSampler:
    made = BucketSampler(LENGTHS[:rows], COUNTS[:rows], size, seed)
    made.set_epoch(epoch)
    return made


def padding(batches: list[list[int]]) -> float:
    """Share of padding among the tokens of these batches."""
    real = sum(int(LENGTHS[batch].sum()) for batch in batches)
    return 1 - real / sum(len(batch) * int(LENGTHS[batch].max()) for batch in batches)


@pytest.mark.parametrize(("size", "rows"), [(8, ROWS), (1, 50), (64, 64), (64, 10), (7, 49), (3, 1)])
def test_every_row_once_an_epoch(size: int, rows: int):
    made = sampler(size=size, rows=rows)
    batches = list(made)
    assert sorted(row for batch in batches for row, _ in batch) == list(range(rows))
    assert len(batches) == len(made) == -(-rows // size)
    assert [len(batch) for batch in batches[:-1]] == [size] * (len(batches) - 1)
    assert len(batches[-1]) == rows % size or size


@pytest.mark.parametrize(
    ("size", "rows", "asked"), [(8, 50, 173), (8, 48, 96), (8, 5, 37), (4, 1, 10), (8, 50, 50), (8, 50, 20)]
)
def test_an_epoch_of_more_rows_takes_turns(size: int, rows: int, asked: int):
    made = BucketSampler(LENGTHS[:rows], COUNTS[:rows], size, 0, asked)
    batches = list(made)
    assert [len(batch) for batch in batches] == [size] * (asked // size) + [asked % size] * (asked % size > 0)
    assert len(made) == len(batches)
    assert list(made) == batches
    visits = Counter(row for batch in batches for row, _ in batch)
    assert sum(visits.values()) == asked
    assert all(visits[row] - asked // rows in (0, 1) for row in range(rows))


def test_turns_differ_in_order_and_answers():
    made = BucketSampler(LENGTHS[:40], COUNTS[:40], 8, 0, 160)
    rows = [pair for batch in made for pair in batch]
    turns = [rows[start : start + 40] for start in range(0, 160, 40)]
    assert turns[0] == [pair for batch in sampler(rows=40) for pair in batch]
    assert all(sorted(row for row, _ in turn) == list(range(40)) for turn in turns)
    assert len({tuple(turn) for turn in turns}) == len({tuple(sorted(turn)) for turn in turns}) == 4


def test_seed_and_epoch_decide():
    assert list(sampler(3, 5)) == list(sampler(3, 5))
    assert list(sampler(3, 5)) != list(sampler(3, 6))
    assert list(sampler(3, 5)) != list(sampler(4, 5))
    made = sampler(3)
    first = list(made)
    assert list(made) == first  # iterating alone does not move the epoch
    made.set_epoch(5)
    assert list(made) == list(sampler(3, 5))


def test_answers_are_drawn_evenly():
    drawn = Counter(pair for epoch in range(300) for batch in sampler(epoch=epoch, rows=30) for pair in batch)
    for row in range(30):
        count = int(COUNTS[row])
        assert {answer for at, answer in drawn if at == row} == set(range(count))
        assert all(300 / count - 60 < drawn[row, answer] < 300 / count + 60 for answer in range(count))


def test_little_padding_and_no_order():
    batches = [[row for row, _ in batch] for batch in sampler(size=16)]
    shuffled = torch.randperm(ROWS).split(16)
    assert padding(batches) < 0.12 < 0.35 < padding([batch.tolist() for batch in shuffled])
    means = torch.tensor([LENGTHS[batch].float().mean() for batch in batches])
    place = torch.arange(len(means)).float()
    assert abs(float(torch.corrcoef(torch.stack([means, place]))[0, 1])) < 0.3


def test_rows_meet_different_companions():
    mates = [next({*batch} for batch in rows if 7 in batch) for rows in map(_rows, range(6))]
    assert len(set.union(*mates)) > 2 * 8


def _rows(epoch: int) -> list[list[int]]:
    return [[row for row, _ in batch] for batch in sampler(epoch=epoch)]


def test_packed_blocks_are_the_separate_runs():
    packed = PackedSampler([sampler(0), sampler(1), sampler(0)])
    packed.set_epoch(4)
    batches = list(packed)
    assert len(batches) == len(packed)
    for batch, zero, one in zip(batches, sampler(0, 4), sampler(1, 4), strict=True):
        assert batch == zero + one + zero


def test_packed_jobs_meet_like_lengths():
    batches = [[row for row, _ in batch] for batch in PackedSampler([sampler(seed, size=16) for seed in range(8)])]
    assert padding(batches) < 0.2


def test_packed_jobs_must_fit():
    with pytest.raises(ValueError, match="one batch size"):
        PackedSampler([sampler(size=8), sampler(size=16)])
    with pytest.raises(UserError, match="number of packed jobs: '0'"):
        PackedSampler([])


@pytest.mark.parametrize("size", [1, 8, 2000])
def test_evaluation_is_sorted_and_complete(size: int):
    made = SortedSampler(LENGTHS, size)
    pairs = [pair for batch in made for pair in batch]
    assert sorted(row for row, _ in pairs) == list(range(ROWS))
    assert {answer for _, answer in pairs} == {0}
    assert LENGTHS[[row for row, _ in pairs]].tolist() == sorted(LENGTHS.tolist(), reverse=True)
    assert len(made) == len(list(made)) == -(-ROWS // size)


@pytest.mark.parametrize("size", [0, -1, 2.0])
def test_sizes_must_be_positive(size: int):
    with pytest.raises(UserError, match=rf"^batch_size: '{size}' is not allowed"):
        BucketSampler(LENGTHS, COUNTS, size, 0)
    with pytest.raises(UserError, match=rf"^eval_batch_size: '{size}' is not allowed"):
        SortedSampler(LENGTHS, size)
    with pytest.raises(UserError, match=r"^seed: '-1' is not allowed"):
        BucketSampler(LENGTHS, COUNTS, 4, -1)
