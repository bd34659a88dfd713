"""Hooks act in a pass and nowhere else."""

from __future__ import annotations

from copy import deepcopy

import pytest
import torch

from deltalab.backbone.backbone import Backbone
from deltalab.delta.hooks import activate, current
from deltalab.delta.segment import Pass, Segment
from deltalab.delta.stack import Stack

from .helpers import MEMBERS, bind, perturbed


def hooks(model):
    return {
        path: (len(module._forward_hooks), len(module._forward_pre_hooks))
        for path, module in model.named_modules()
        if module._forward_hooks or module._forward_pre_hooks
    }


def plain(model, batch):
    start = model.prepare_decoder_input_ids_from_labels(batch.labels)
    return model(
        input_ids=batch.input_ids, attention_mask=batch.attention_mask, decoder_input_ids=start, use_cache=False
    ).logits


@pytest.mark.parametrize("attention", ["sdpa", "eager"])
def test_outside_a_pass_the_model_is_the_stock_model_bit_for_bit(attention, make_backbone, stock, batch):
    backbone, model = make_backbone(), stock()
    model.set_attn_implementation(attention)
    stack, deltas = Stack(backbone, attention), [bind(name, backbone) for name in MEMBERS]
    segments = [Segment(delta, perturbed(delta)) for delta in deltas]
    stack.logits(batch.take(torch.arange(len(segments)) % 6), segments)
    assert current() is None
    assert torch.equal(plain(backbone.model, batch), plain(model, batch))


def test_two_stacks_on_a_backbone_share_its_hooks(make_backbone, batch):
    backbone = make_backbone()
    first, second = Stack(backbone), Stack(backbone, "eager")
    for stack in (first, second, first):
        for name in ("lora", "ia3", "prompt"):
            for delta in (bind(name, backbone), bind(name, backbone)):
                stack.logits(batch, [Segment(delta, perturbed(delta))])
    placed = hooks(backbone.model)
    assert set(placed.values()) == {(1, 1)}
    sites = {unit.site.path for name in ("lora", "ia3", "prompt") for unit in bind(name, backbone).units}
    assert set(placed) == sites


def test_a_copy_of_a_backbone_acts_once_too(make_backbone, batch):
    backbone = make_backbone()
    lora = bind("lora", backbone)
    expected = Stack(backbone).logits(batch, [Segment(lora, perturbed(lora))])
    copied = Backbone(deepcopy(backbone.model), None, backbone.family, "copy")
    again = bind("lora", copied)
    assert torch.equal(Stack(copied).logits(batch, [Segment(again, perturbed(again))]), expected)
    assert hooks(copied.model) == hooks(backbone.model)


def test_a_failure_ends_the_pass(backbone, batch):
    lora, stack = bind("lora", backbone), Stack(backbone)

    def fail(model, rows):
        assert current() is not None
        raise KeyError("stop")

    with pytest.raises(KeyError, match="stop"):
        stack.run(batch, [Segment(lora, perturbed(lora))], fail)
    assert current() is None


def test_a_pass_inside_a_pass_ends_before_it():
    outer, inner = Pass(0, 1), Pass(0, 1)
    again = activate(inner)
    with activate(outer):
        for _ in range(2):
            with again:
                assert current() is inner
            assert current() is outer
    assert current() is None


def test_two_backbones_do_not_disturb_each_other(make_backbone, batch):
    one, other = make_backbone(seed=1), make_backbone(seed=2)
    theta = perturbed(bind("lora", one))
    alone = Stack(one).logits(batch, [Segment(bind("lora", one), theta)])
    Stack(other).logits(batch, [Segment(bind("lora", other), theta)])
    assert torch.equal(Stack(one).logits(batch, [Segment(bind("lora", one), theta)]), alone)
