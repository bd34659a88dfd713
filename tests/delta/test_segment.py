"""Which passes segments need, and which rows are whose."""

from __future__ import annotations

import pytest
import torch

from deltalab.delta.segment import Block, Segment, cut, passes

from .helpers import bind, perturbed


@pytest.fixture(scope="module")
def make(backbone):
    """`make("lora", 2)`: a segment of two vectors."""

    def segment(name, count):
        delta = bind(name, backbone)
        return Segment(delta, perturbed(delta, count))

    return segment


def spans(segments):
    return [(one.first, one.count, bool(one.weights)) for one in passes(segments, torch.float32)]


def test_methods_that_leave_the_weights_alone_share_a_pass(make):
    assert spans([make("lora", 2), make("prefix", 3), make("prompt", 1), make("frozen", 1)]) == [(0, 7, False)]


def test_every_vector_of_full_fine_tuning_has_its_own_pass_between_the_others(make):
    segments = [make("lora", 2), make("ia3", 1), make("full", 2), make("lora", 1), make("full", 1)]
    expected = [(0, 3, False), (3, 1, True), (4, 1, True), (5, 1, False), (6, 1, True)]
    assert spans(segments) == expected
    assert spans(segments[2:3]) == [(0, 1, True), (1, 1, True)]


def test_no_segments_need_no_pass():
    assert passes([], torch.float32) == []


def test_a_block_owns_its_share_of_the_rows():
    assert [Block(first, count, 6).rows(12) for first, count in ((0, 2), (2, 1), (3, 3))] == [
        slice(0, 4),
        slice(4, 6),
        slice(6, 12),
    ]


def test_rows_are_cut_into_runs_with_and_without_an_entry():
    first, last = ((Block(0, 1, 4), []), (Block(2, 2, 4), []))
    assert cut([first, last], 8) == [(2, first), (2, None), (4, last)]
    assert cut([first], 8) == [(2, first), (6, None)]
    assert cut([last], 8) == [(4, None), (4, last)]
    assert cut([], 8) == [(8, None)]
    whole = (Block(0, 4, 4), [])
    assert cut([whole], 8) == [(8, whole)]


def test_count_is_the_leading_dimension(make):
    lora = make("lora", 3)
    assert lora.count == 3
    assert Segment(lora.delta, lora.theta[0]).count == 1


def test_thetas_are_cast_to_the_format_of_the_pass_and_gradient_comes_back(make):
    lora = make("lora", 2)
    theta = lora.theta.requires_grad_()
    (one,) = passes([Segment(lora.delta, theta, torch.ones(2, len(lora.delta.units)))], torch.bfloat16)
    ((_, applied),) = next(iter(one.outputs.values()))
    assert {t.dtype for a in applied for t in (*a.tensors, a.gate)} == {torch.bfloat16}
    sum(t.sum() for a in applied for t in a.tensors).backward()
    assert theta.grad.dtype == torch.float32


def test_units_of_several_methods_at_one_module_keep_the_order_of_the_segments(make):
    (one,) = passes([make("bitfit", 1), make("lora", 2), make("bitfit", 1)], torch.float32)
    path = "encoder.block.0.layer.0.SelfAttention.q"
    module = make("lora", 1).delta.backbone.model.get_submodule(path)
    blocks = [(block.first, block.count) for block, _ in one.outputs[module]]
    assert blocks == [(0, 1), (1, 2), (3, 1)]
