"""Full fine-tuning against a model whose weights are set."""

from __future__ import annotations

import pytest
import torch

from deltalab.delta.full import Full
from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack

from .helpers import logits_and_grads, perturbed, same
from .naive import row, row_logits


@pytest.mark.parametrize("kind", ["v1.0", "v1.1", "mt5"])
def test_theta_stands_for_every_weight_tied_ones_once(kind, make_backbone):
    backbone = make_backbone(kind)
    delta = Full().bind(backbone, "full")
    named = dict(backbone.model.named_parameters())
    assert delta.size == backbone.num_parameters == sum(weight.numel() for weight in named.values())
    assert ("lm_head.weight" in named) == (kind == "v1.1")
    theta0 = delta.layout.unflatten(delta.layout.initial(0))
    assert all(torch.equal(theta0[name], weight) for name, weight in named.items())


@pytest.mark.parametrize("kind", ["v1.0", "v1.1", "mt5"])
def test_it_equals_a_trained_copy_of_the_model(kind, make_backbone, stock, batch):
    backbone, model = make_backbone(kind), stock(kind).requires_grad_()
    delta = Full().bind(backbone, "full")
    theta = perturbed(delta, spread=0.05)
    logits, (grad,) = logits_and_grads(Stack(backbone), batch, [Segment(delta, theta)])
    named = dict(model.named_parameters())
    with torch.no_grad():
        for name, value in delta.layout.unflatten(theta).items():
            named[name].copy_(value)
    loss = torch.zeros(())
    for i in range(len(batch)):
        ids, labels = row(batch, i)
        expected = row_logits(model, ids, labels)
        same(logits[i, : len(expected)], expected.detach())
        loss = loss + torch.nn.functional.cross_entropy(expected, labels[0], reduction="sum")
    loss.backward()
    same(grad, delta.layout.flatten({name: weight.grad for name, weight in named.items()}))


def test_the_backbone_has_its_own_weights_again_after_a_failure(backbone, batch):
    full, stack = Full().bind(backbone, "full"), Stack(backbone)
    before = dict(backbone.model.named_parameters())

    def fail(model, rows):
        assert model.shared.weight is not before["shared.weight"]
        raise KeyError("stop")

    with pytest.raises(KeyError, match="stop"):
        stack.run(batch, [Segment(full, perturbed(full))], fail)
    after = dict(backbone.model.named_parameters())
    assert all(after[name] is weight for name, weight in before.items())


def test_under_autocast_the_weights_stay_as_they_are(backbone, batch):
    full, stack = Full().bind(backbone, "full"), Stack(backbone)
    with torch.autocast("cpu", torch.bfloat16):
        (kept,) = stack.run(batch, [Segment(full, perturbed(full))], lambda model, rows: model.shared.weight.dtype)
    assert kept == torch.float32
