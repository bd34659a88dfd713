"""One pass over several methods is the same as one pass for each."""

from __future__ import annotations

import pytest
import torch

from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack

from .helpers import MEMBERS, bind, logits_and_grads, one_by_one, perturbed, same


def check(stack, batch, segments):
    logits, grads = logits_and_grads(stack, batch, segments)
    expected, expected_grads = one_by_one(stack, batch, segments)
    same(logits, expected)
    for grad, wanted in zip(grads, expected_grads, strict=True):
        same(grad, wanted)


@pytest.mark.parametrize("name", MEMBERS)
@pytest.mark.parametrize("attention", ["sdpa", "eager"])
def test_a_method_beside_lora_equals_single_passes(name, attention, backbone, batch):
    lora, other = bind("lora", backbone), bind(name, backbone)
    segments = [Segment(other, perturbed(other, 2)), Segment(lora, perturbed(lora, 1, seed=1))]
    stack = Stack(backbone, attention)
    check(stack, batch, segments)
    check(stack, batch, segments[::-1])


@pytest.mark.parametrize("attention", ["sdpa", "eager"])
def test_all_methods_in_one_stack_equal_single_passes(attention, backbone, make_batch):
    deltas = [bind(name, backbone) for name in MEMBERS]
    segments = [Segment(delta, perturbed(delta, 1 + i % 2, seed=i)) for i, delta in enumerate(deltas)]
    total = sum(segment.count for segment in segments)
    check(Stack(backbone, attention), make_batch(2 * total), segments)


def test_gated_and_plain_segments_share_a_stack(backbone, make_batch):
    segments = []
    for i, name in enumerate(["lora", "prefix", "prefix", "prompt", "bitfit", "adapter", "lora"]):
        delta = bind(name, backbone)
        gates = torch.rand(2, len(delta.units)) if i % 2 else None
        segments.append(Segment(delta, perturbed(delta, 2, seed=i), gates))
    check(Stack(backbone), make_batch(28), segments)


def test_prompts_of_different_lengths_share_a_stack(backbone, make_batch):
    from deltalab.delta.prompt import Prompt

    deltas = [Prompt(length=length).bind(backbone, "prompt") for length in (1, 9, 4)]
    segments = [Segment(delta, perturbed(delta, seed=i)) for i, delta in enumerate(deltas)]
    check(Stack(backbone), make_batch(6), segments)


def test_prefixes_of_different_lengths_share_a_stack(backbone, make_batch):
    from deltalab.delta.prefix import Prefix

    methods = [Prefix(length=2), Prefix(length=5, cross=True), Prefix(length=3, sides=("decoder",))]
    deltas = [method.bind(backbone, "prefix") for method in methods]
    segments = [Segment(delta, perturbed(delta, seed=i)) for i, delta in enumerate(deltas)]
    check(Stack(backbone), make_batch(6), segments)
