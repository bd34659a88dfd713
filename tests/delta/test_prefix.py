"""Prefixes against attention written out, for rows without padding."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from deltalab.delta.method import Delta
from deltalab.delta.prefix import Prefix
from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack
from deltalab.errors import UserError

from .attention import with_prefixes
from .helpers import perturbed, same
from .naive import CROSS, SELF, check, row, row_logits

HEADS, EACH = 3, 6


def stacks(cross):
    """The attention modules of each side and role, by the name their shared tensors have."""
    found = {"encoder.attn": SELF[:3], "decoder.attn": SELF[3:]}
    return {**found, "decoder.cross": CROSS} if cross else found


def direct(model, tensors):
    with_prefixes(model, {name.removesuffix(".prefix"): tuple(value) for name, value in tensors.items()})


def projected(cross):
    def install(model, tensors):
        prefixes = {}
        for name, paths in stacks(cross).items():
            inner = torch.tanh(tensors[f"{name}.prefix.embedding"] @ tensors[f"{name}.prefix.down"].T)
            for path in paths:
                keys, values = (inner @ tensors[f"{path}.prefix.up"].T).chunk(2, dim=-1)
                prefixes[path] = tuple(x.unflatten(-1, (HEADS, EACH)).transpose(0, 1) for x in (keys, values))
        with_prefixes(model, prefixes)

    return install


def published(cross):
    def install(model, tensors):
        prefixes = {}
        for name, paths in stacks(cross).items():
            embedding, down, up = (tensors[f"{name}.prefix.{part}"] for part in ("embedding", "down", "up"))
            matrix = torch.tanh(embedding @ down.T) @ up.T  # (positions, layers * 2 * heads * head size)
            cut = matrix.reshape(len(paths), 2, HEADS, len(embedding), EACH)
            prefixes |= {path: (keys, values) for path, (keys, values) in zip(paths, cut, strict=True)}
        with_prefixes(model, prefixes)

    return install


@pytest.mark.parametrize("kind", ["v1.0", "v1.1", "mt5"])
@pytest.mark.parametrize("attention", ["sdpa", "eager"])
def test_without_a_prefix_the_written_out_attention_is_the_model(kind, attention, stock, batch):
    model, plain = stock(kind), stock(kind)
    plain.set_attn_implementation(attention)
    with_prefixes(model, {})
    for i in range(len(batch)):
        same(row_logits(model, *row(batch, i)), row_logits(plain, *row(batch, i)))


@pytest.mark.parametrize("cross", [False, True])
@pytest.mark.parametrize("attention", ["sdpa", "eager"])
def test_a_direct_prefix_equals_the_attention_written_out(cross, attention, backbone, stock, batch):
    delta = Prefix(length=4, parametrization="direct", cross=cross).bind(backbone, "prefix")
    assert {unit.site.path for unit in delta.units} == set(SELF + CROSS if cross else SELF)
    check(Stack(backbone, attention), stock, delta, batch, direct)


@pytest.mark.parametrize("kind", ["v1.0", "mt5"])
@pytest.mark.parametrize("cross", [False, True])
def test_an_mlp_prefix_equals_the_attention_written_out(kind, cross, make_backbone, stock, batch):
    backbone = make_backbone(kind)
    delta = Prefix(length=4, size=5, cross=cross).bind(backbone, "prefix")
    check(Stack(backbone), lambda: stock(kind), delta, batch, projected(cross))


@pytest.mark.parametrize("cross", [False, True])
@pytest.mark.parametrize("length", [1, 2, 3, 4, 7])
def test_a_published_reshape_equals_the_matrix_cut_as_published(cross, length, backbone, stock, batch):
    delta = Prefix(length=length, size=5, cross=cross, reshape="published").bind(backbone, "prefix")
    check(Stack(backbone), stock, delta, batch.slice(0, 4), published(cross))


def test_a_gate_multiplies_the_attention_a_prefix_gets(backbone, stock, batch):
    delta = Prefix(length=4, parametrization="direct", cross=True).bind(backbone, "prefix")
    theta, gates = perturbed(delta), torch.linspace(0, 1, len(delta.units))
    logits = Stack(backbone).logits(batch, [Segment(delta, theta, gates)])
    tensors = delta.layout.unflatten(theta)
    for i in range(len(batch)):
        model = stock()
        prefixes = {name.removesuffix(".prefix"): tuple(value) for name, value in tensors.items()}
        with_prefixes(model, prefixes, {unit.site.path: g for unit, g in zip(delta.units, gates, strict=True)})
        expected = row_logits(model, *row(batch, i))
        same(logits[i, : len(expected)], expected)


def test_two_prefixes_at_one_site_stand_side_by_side(backbone, batch):
    first, second = (Prefix(length=length, parametrization="direct").units(backbone) for length in (2, 3))
    renamed = [
        replace(unit, specs=tuple(replace(spec, name=f"second.{spec.name}") for spec in unit.specs)) for unit in second
    ]
    both = Delta("both", backbone, [*first, *renamed])
    whole = Prefix(length=5, parametrization="direct").bind(backbone, "prefix")
    theta = perturbed(both)
    tensors = both.layout.unflatten(theta)
    joined = {name: torch.cat([tensors[name], tensors[f"second.{name}"]], dim=2) for name in whole.layout.index()}
    stack = Stack(backbone)
    expected = stack.logits(batch, [Segment(whole, whole.layout.flatten(joined))])
    same(stack.logits(batch, [Segment(both, theta)]), expected)


@pytest.mark.parametrize(
    "wrong",
    [
        {"length": 0},
        {"size": 0},
        {"parametrization": "mpl"},
        {"reshape": "other"},
        {"reshape": "published", "parametrization": "direct"},
        {"sides": ("both",)},
    ],
)
def test_bad_arguments_end_in_one_line(wrong, backbone):
    with pytest.raises(UserError) as caught:
        Prefix(**wrong).bind(backbone, "prefix")
    assert "\n" not in str(caught.value)
