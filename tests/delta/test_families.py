"""What every delta method owes on a model of every family."""

from __future__ import annotations

import pytest
import torch
from transformers import DynamicCache

from deltalab.backbone.batch import IGNORED, Batch
from deltalab.delta.lora import Lora
from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack

from ..backbone.families.models import MODELS, backbone, stock
from .helpers import MEMBERS, bind, error, method, perturbed, same

OTHERS = [name for name in MODELS if name != "t5"]
ANYWHERE = [name for name in MEMBERS if name not in ("structure", "frozen")]  # the test's structure is one of T5
CAUSAL = ("gpt2", "llama", "qwen3")


@pytest.fixture(scope="module", params=OTHERS)
def of_family(request):
    return backbone(request.param)


@torch.no_grad()
@pytest.mark.parametrize("name", ANYWHERE)
def test_theta0_leaves_the_backbone_as_it_is_where_the_method_promises_it(name, of_family, batch):
    stack, delta, nothing = Stack(of_family), bind(name, of_family), bind("frozen", of_family)
    plain = stack.logits(batch, [Segment(nothing, nothing.layout.initial(0))])
    logits = stack.logits(batch, [Segment(delta, delta.layout.initial(0))])
    if method(name).identity:
        same(logits, plain)
    else:
        assert (logits - plain).abs().max() > 1e-3


@torch.no_grad()
@pytest.mark.parametrize("name", ANYWHERE)
def test_a_stack_is_its_vectors_one_by_one(name, of_family, make_batch):
    stack, delta, other, batch = Stack(of_family), bind(name, of_family), bind("lora", of_family), make_batch(6)
    thetas, theirs = perturbed(delta, 2, spread=0.3), perturbed(other, 1, spread=0.3)
    stacked = stack.logits(batch, [Segment(delta, thetas), Segment(other, theirs)])
    alone = [Segment(delta, thetas[0]), Segment(delta, thetas[1]), Segment(other, theirs[0])]
    same(stacked, torch.cat([stack.logits(batch.slice(2 * i, 2 * i + 2), [one]) for i, one in enumerate(alone)]))


@pytest.mark.parametrize("name", ANYWHERE)
def test_gradient_reaches_every_tensor(name, of_family, make_batch):
    delta, batch = bind(name, of_family), make_batch(8, 12, 8)
    theta = perturbed(delta, 8, spread=1.0).requires_grad_()  # so many that a dead ReLU of one is alive in another
    error(Stack(of_family).logits(batch, [Segment(delta, theta)]), batch).backward()
    assert theta.grad.isfinite().all()
    largest = {key: value.abs().max() for key, value in delta.layout.unflatten(theta.grad).items()}
    assert [key for key, value in largest.items() if value == 0 and name != "full"] == []


@torch.no_grad()
@pytest.mark.parametrize("role", ["attn.q", "attn.k", "attn.v"])
def test_lora_on_a_third_of_a_fused_map_is_an_update_of_these_columns(role, batch):
    one = backbone("gpt2")
    delta = Lora(rank=2, alpha=6.0, roles=(role,)).bind(one, "lora")
    theta = perturbed(delta, spread=0.5)
    found, third = Stack(one).logits(batch, [Segment(delta, theta)]), "qkv".index(role[-1])
    changed = backbone("gpt2")
    for layer, block in enumerate(changed.model.transformer.h):
        tensors, path = delta.layout.unflatten(theta), f"transformer.h.{layer}.attn.c_attn.{role[-1]}"
        down, up = tensors[f"{path}.lora_A"], tensors[f"{path}.lora_B"]
        block.attn.c_attn.weight[:, 16 * third : 16 * (third + 1)] += 3.0 * (up @ down).T
    nothing = bind("frozen", changed)
    same(found, Stack(changed).logits(batch, [Segment(nothing, nothing.layout.initial(0))]))


@torch.no_grad()
@pytest.mark.parametrize("model_type", CAUSAL)
def test_a_prefix_is_what_a_cache_would_hold(model_type, batch):
    one = backbone(model_type)
    delta = bind("prefix_direct", one)
    theta = perturbed(delta, spread=0.5)
    logits = Stack(one).logits(batch, [Segment(delta, theta)])
    model, pairs = stock(model_type), list(delta.layout.unflatten(theta).values())
    for i in range(len(batch)):
        source = batch.input_ids[i][batch.attention_mask[i].bool()]
        target = batch.labels[i][batch.labels[i] != IGNORED]
        ids = torch.cat([source, target[:-1]])[None]
        cache = DynamicCache()
        for layer, pair in enumerate(pairs):
            cache.update(pair[0][None], pair[1][None], layer)
        mask = torch.ones(1, cache.get_seq_length() + ids.shape[1], dtype=torch.long)
        positions = torch.arange(ids.shape[1])[None]
        plain = model(input_ids=ids, attention_mask=mask, position_ids=positions, past_key_values=cache)
        same(logits[i, : len(target)], plain.logits[0, -len(target) :], 1e-4)


@torch.no_grad()
@pytest.mark.parametrize("model_type", OTHERS)
def test_a_prompt_of_embeddings_is_those_tokens_in_front(model_type, batch):
    one = backbone(model_type)
    delta = bind("prompt", one)
    words = torch.randint(3, 40, (delta.layout.initial(0).numel() // 16,), generator=torch.Generator().manual_seed(1))
    theta = one.module(one.sites(("embed",))[0]).weight[words].flatten()
    if model_type == "bart":
        pytest.skip("BART scales what its embedding gives, not what a prompt puts in its place")
    found = Stack(one).logits(batch, [Segment(delta, theta)])
    ids = torch.cat([words.expand(len(batch), -1), batch.input_ids], dim=1)
    mask = torch.cat([torch.ones(len(batch), len(words), dtype=torch.long), batch.attention_mask], dim=1)
    nothing = bind("frozen", one)
    longer = Batch(ids, mask, batch.labels, batch.rows)
    same(found, Stack(one).logits(longer, [Segment(nothing, nothing.layout.initial(0))]))
