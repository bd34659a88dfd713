"""LoRA and IA3 against `peft` on the same weights."""

from __future__ import annotations

import peft
import pytest
import torch

from deltalab.delta.ia3 import IA3
from deltalab.delta.lora import Lora
from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack

from .helpers import error, logits_and_grads, perturbed, same

# peft asks transformers by a name that is going away.
pytestmark = pytest.mark.filterwarnings("ignore:.is_gradient_checkpointing. is deprecated:FutureWarning")


def reference(model, batch, wrapped, tensors):
    """Logits and gradients by name of a `peft` model that was given a delta's tensors."""
    named = dict(wrapped.named_parameters())
    trained = {name for name, weight in named.items() if weight.requires_grad}
    assert trained == set(tensors)
    with torch.no_grad():
        for name, value in tensors.items():
            named[name].copy_(value.view(named[name].shape))
    start = model.prepare_decoder_input_ids_from_labels(batch.labels)
    logits = wrapped(
        input_ids=batch.input_ids, attention_mask=batch.attention_mask, decoder_input_ids=start, use_cache=False
    ).logits
    grads = torch.autograd.grad(error(logits, batch), [named[name] for name in tensors])
    return logits.detach(), dict(zip(tensors, grads, strict=True))


def compare(backbone, batch, model, wrapped, delta, rename):
    theta = perturbed(delta)
    logits, (grad,) = logits_and_grads(Stack(backbone), batch, [Segment(delta, theta)])
    names = {rename(name): name for name in delta.layout.index()}
    tensors = delta.layout.unflatten(theta)
    expected, grads = reference(model, batch, wrapped, {new: tensors[old] for new, old in names.items()})
    same(logits, expected)
    shapes = {spec.name: spec.shape for spec in delta.layout.specs}
    same(grad, delta.layout.flatten({old: grads[new].view(shapes[old]) for new, old in names.items()}))


@pytest.mark.parametrize("kind", ["v1.0", "v1.1", "mt5"])
def test_lora_equals_peft(kind, make_backbone, stock, batch):
    backbone, model = make_backbone(kind), stock(kind)
    config = peft.LoraConfig(
        r=4, lora_alpha=6, lora_dropout=0.0, target_modules=r".*(SelfAttention|EncDecAttention)\.(q|v)|.*\.wo"
    )
    roles = ("attn.q", "attn.v", "cross.q", "cross.v", "ffn.out")
    delta = Lora(rank=4, alpha=6, roles=roles).bind(backbone, "lora")
    wrapped = peft.get_peft_model(model, config)
    compare(backbone, batch, model, wrapped, delta, lambda name: f"base_model.model.{name}.default.weight")


@pytest.mark.parametrize("kind", ["v1.0", "v1.1", "mt5"])
def test_ia3_equals_peft(kind, make_backbone, stock, batch):
    backbone, model = make_backbone(kind), stock(kind)
    config = peft.IA3Config(target_modules=["k", "v", "wo"], feedforward_modules=["wo"])
    delta = IA3().bind(backbone, "ia3")
    wrapped = peft.get_peft_model(model, config)

    def rename(name):
        return f"base_model.model.{name.removesuffix('.ia3')}.ia3_l.default"

    compare(backbone, batch, model, wrapped, delta, rename)
