"""Greedy generation under a stack is the generation of its vectors one by one, with and without a cache."""

from __future__ import annotations

import pytest
import torch

from deltalab.backbone.batch import Batch
from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack

from .helpers import MEMBERS, bind, perturbed

NEW = 6


def generate(stack, batch, segments, use_cache=True):
    """Token ids (rows, NEW), padded with 0."""

    def work(model, rows):
        ids = model.generate(
            input_ids=rows.input_ids,
            attention_mask=rows.attention_mask,
            max_new_tokens=NEW,
            do_sample=False,
            use_cache=use_cache,
        )
        return torch.nn.functional.pad(ids[:, 1:], (0, NEW + 1 - ids.shape[1]))

    with torch.no_grad():
        return torch.cat(stack.run(batch, segments, work))


def single(stack, batch, segments, use_cache=True):
    """The same ids from one run for each vector over its own rows."""
    total, done, ids = sum(segment.count for segment in segments), 0, []
    each = len(batch) // total
    for segment in segments:
        for theta in segment.theta.reshape(segment.count, -1):
            ids.append(generate(stack, batch.slice(done, done + each), [Segment(segment.delta, theta)], use_cache))
            done += each
    return torch.cat(ids)


@pytest.mark.parametrize("name", MEMBERS)
@pytest.mark.parametrize("use_cache", [True, False])
def test_a_stack_generates_what_its_vectors_generate(name, use_cache, backbone, batch):
    delta, stack = bind(name, backbone), Stack(backbone)
    segments = [Segment(delta, perturbed(delta, 3))]
    assert torch.equal(generate(stack, batch, segments, use_cache), single(stack, batch, segments, use_cache))


@pytest.mark.parametrize("attention", ["sdpa", "eager"])
@pytest.mark.parametrize("use_cache", [True, False])
def test_all_methods_generate_side_by_side(attention, use_cache, backbone, make_batch):
    deltas = [bind(name, backbone) for name in MEMBERS]
    segments = [Segment(delta, perturbed(delta, 1 + i % 2, seed=i)) for i, delta in enumerate(deltas)]
    batch = make_batch(2 * sum(segment.count for segment in segments))
    stack = Stack(backbone, attention)
    ids = generate(stack, batch, segments, use_cache)
    assert torch.equal(ids, single(stack, batch, segments, use_cache))
    assert len(ids.unique(dim=0)) > len(ids) // 2  # the vectors do say different things


@pytest.mark.parametrize("name", MEMBERS)
def test_each_generated_token_is_the_likeliest_under_teacher_forcing(name, backbone, batch):
    delta, stack = bind(name, backbone), Stack(backbone)
    segments = [Segment(delta, perturbed(delta, 2))]
    ids = generate(stack, batch, segments)
    forced = Batch(batch.input_ids, batch.attention_mask, ids, batch.rows)
    written = (ids == 1).cumsum(1) - (ids == 1).long() == 0  # up to and with </s>
    assert torch.equal(stack.logits(forced, segments).argmax(-1)[written], ids[written])


@pytest.mark.parametrize("name", MEMBERS)
def test_beams_of_a_stack_are_the_beams_of_its_vectors(name, backbone, batch):
    delta, stack = bind(name, backbone), Stack(backbone)
    thetas = perturbed(delta, 3)

    def work(model, rows):
        mask = rows.attention_mask
        ids = model.generate(input_ids=rows.input_ids, attention_mask=mask, max_new_tokens=NEW, num_beams=3)
        return torch.nn.functional.pad(ids, (0, NEW + 1 - ids.shape[1]))

    stacked = torch.cat(stack.run(batch, [Segment(delta, thetas)], work))
    parts = [
        stack.run(batch.slice(2 * i, 2 * i + 2), [Segment(delta, theta)], work)[0] for i, theta in enumerate(thetas)
    ]
    assert torch.equal(stacked, torch.cat(parts))
