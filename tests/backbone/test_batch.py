"""Batches cut, repeated and picked from."""

from __future__ import annotations

import pytest
import torch

from deltalab.backbone.batch import IGNORED, Batch

FIELDS = ("input_ids", "attention_mask", "labels", "rows")


def equal(one, other):
    return all(torch.equal(getattr(one, field), getattr(other, field)) for field in FIELDS)


def test_its_length_is_its_rows(batch):
    assert len(batch) == 6


def test_a_copy_follows_the_other_whole(batch):
    twice = batch.repeat(2)
    assert len(twice) == 12
    assert equal(twice.slice(0, 6), batch)
    assert equal(twice.slice(6, 12), batch)
    assert equal(batch.repeat(1), batch)


@pytest.mark.parametrize("index", [[3, 0, 3], [5], []])
def test_rows_are_taken_in_the_order_asked_for(index, batch):
    taken = batch.take(torch.tensor(index, dtype=torch.long))
    assert taken.rows.tolist() == index
    assert torch.equal(taken.input_ids, batch.input_ids[index])
    assert torch.equal(taken.labels, batch.labels[index])


def test_it_moves_as_a_whole(batch):
    moved = batch.to("meta")
    assert all(getattr(moved, field).device.type == "meta" for field in FIELDS)
    assert batch.input_ids.device.type == "cpu"


def test_joined_batches_keep_their_rows_and_pad_the_rest(make_batch):
    one, other = make_batch(2, source=7, target=3, seed=1), make_batch(3, source=4, target=5, seed=2)
    both = Batch.joined([one, other], pad=9)
    assert both.input_ids.shape == (5, 7)
    assert both.labels.shape == (5, 5)
    assert torch.equal(both.input_ids[:2], one.input_ids)
    assert torch.equal(both.input_ids[2:, :4], other.input_ids)
    assert (both.input_ids[2:, 4:] == 9).all()
    assert not both.attention_mask[2:, 4:].any()
    assert (both.labels[:2, 3:] == IGNORED).all()
    assert torch.equal(both.rows, torch.cat([one.rows, other.rows]))
