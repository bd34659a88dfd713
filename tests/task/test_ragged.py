"""Packed sequences against lists."""

import random

import torch

from deltalab.task.ragged import Ragged


def test_padded_equals_a_naive_loop():
    chance = random.Random(0)
    rows = [[chance.randrange(1, 99) for _ in range(chance.randint(1, 9))] for _ in range(50)]
    rows[3] = []
    ragged = Ragged.of(rows)
    assert len(ragged) == 50
    assert ragged.lengths.tolist() == [len(row) for row in rows]
    for _ in range(20):
        index = [chance.randrange(50) for _ in range(chance.randint(1, 8))] + [3]
        longest = max(len(rows[row]) for row in index)
        ids, real = ragged.padded(torch.tensor(index), -100)
        assert ids.dtype == torch.int64
        assert ids.tolist() == [rows[row] + [-100] * (longest - len(rows[row])) for row in index]
        assert real.tolist() == [[at < len(rows[row]) for at in range(longest)] for row in index]
