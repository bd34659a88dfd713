"""What every delta method in `conf/delta` owes."""

from __future__ import annotations

import pytest
import torch

from deltalab.backbone.backbone import Backbone
from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack

from .helpers import MEMBERS, TUNED, bind, error, method, perturbed, same


@pytest.fixture(scope="module", params=["v1.0", "v1.1", "mt5"])
def kind(request):
    return request.param


@pytest.mark.parametrize("name", MEMBERS)
def test_theta0_leaves_the_backbone_as_it_is_where_the_method_promises_it(name, kind, make_backbone, stock, batch):
    backbone = make_backbone(kind)
    delta = bind(name, backbone)
    logits = Stack(backbone).logits(batch, [Segment(delta, delta.layout.initial(0))])
    plain = stock(kind)(input_ids=batch.input_ids, attention_mask=batch.attention_mask, labels=batch.labels).logits
    if method(name).identity:
        same(logits, plain)
    else:
        assert (logits - plain).abs().max() > 1e-3


@pytest.mark.parametrize("name", TUNED)
def test_a_step_changes_theta_and_no_weight_of_the_backbone(name, make_backbone, batch):
    backbone = make_backbone()
    before = {key: value.clone() for key, value in backbone.model.state_dict().items()}
    hashed = backbone.weight_hash
    delta, stack = bind(name, backbone), Stack(backbone)
    theta = torch.nn.Parameter(perturbed(delta, 2))
    start = theta.detach().clone()
    optimizer = torch.optim.AdamW([theta], lr=1e-2)
    error(stack.logits(batch, [Segment(delta, theta)]), batch).backward()
    optimizer.step()
    assert not any(weight.requires_grad or weight.grad is not None for weight in backbone.model.parameters())
    assert not torch.equal(theta, start)
    assert all(torch.equal(value, before[key]) for key, value in backbone.model.state_dict().items())
    assert Backbone(backbone.model, None, backbone.family, "again").weight_hash == hashed


@pytest.mark.parametrize("name", TUNED)
def test_gradient_reaches_every_tensor_of_every_vector(name, backbone, make_batch):
    delta, batch = bind(name, backbone), make_batch(8, 12, 8)
    theta = perturbed(delta, 2).requires_grad_()
    error(Stack(backbone).logits(batch, [Segment(delta, theta)]), batch).backward()
    assert theta.grad.isfinite().all()
    largest = {key: value.flatten(1).abs().amax(1).min() for key, value in delta.layout.unflatten(theta.grad).items()}
    assert [key for key, value in largest.items() if value == 0] == []


@pytest.mark.parametrize("name", MEMBERS)
def test_counted_numbers_are_the_real_ones(name, backbone):
    delta = bind(name, backbone)
    tensors = delta.layout.unflatten(delta.layout.initial(0))
    assert delta.size == delta.layout.size == sum(tensor.numel() for tensor in tensors.values())
    assert int(delta.unit_sizes().sum()) == delta.size
    assert len(delta.unit_sizes()) == len(delta.units)


@pytest.mark.parametrize("name", MEMBERS)
def test_theta_survives_unflatten_and_flatten_bit_for_bit(name, backbone):
    layout = bind(name, backbone).layout
    for lead in ((), (3,), (2, 3)) if layout.size else ((),):
        theta = torch.randn(*lead, layout.size)
        assert torch.equal(layout.flatten(layout.unflatten(theta)), theta)


@pytest.mark.parametrize("name", MEMBERS)
def test_theta0_depends_on_the_seed_and_on_nothing_else(name, backbone, make_backbone):
    layout = bind(name, backbone).layout
    first = layout.initial(3)
    torch.manual_seed(1)
    assert torch.equal(first, bind(name, make_backbone()).layout.initial(3))
    drawn = name not in ("bitfit", "frozen", "full", "ia3", "lnfit")
    assert torch.equal(first, layout.initial(4)) != drawn
    assert first.dtype == torch.float32
    assert not first.requires_grad


@pytest.mark.parametrize("name", MEMBERS)
def test_drawing_theta0_leaves_the_global_random_state_alone(name, backbone):
    before = torch.get_rng_state()
    bind(name, backbone).layout.initial(0)
    assert torch.equal(torch.get_rng_state(), before)
