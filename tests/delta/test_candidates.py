"""Units of several methods in one delta."""

from __future__ import annotations

import pytest
import torch

from deltalab.delta.bitfit import BitFit
from deltalab.delta.candidates import Candidates, UnitName
from deltalab.delta.compacter import Compacter
from deltalab.delta.frozen import Frozen
from deltalab.delta.full import Full
from deltalab.delta.lora import Lora
from deltalab.delta.low_rank_adapter import LowRankAdapter
from deltalab.delta.prefix import Prefix
from deltalab.delta.prompt import Prompt
from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack
from deltalab.errors import UserError

from .helpers import perturbed, same

METHODS = {
    "small": Lora(rank=1, roles=("attn.q", "ffn.in")),
    "large": Lora(rank=3, roles=("attn.q",)),
    "bias": BitFit(roles=("norm.final",)),
    "thin": LowRankAdapter(reduction=4, roles=("cross",)),
    "prompt": Prompt(length=2),
}


@pytest.fixture(scope="module")
def space(backbone):
    return Candidates.of(METHODS, backbone)


def test_candidates_come_method_by_method_in_the_order_of_the_modules(space):
    encoder = [UnitName("small", role, "encoder", layer, part) for layer in range(3) for role, part in PARTS]
    decoder = [UnitName("small", role, "decoder", layer, part) for layer in range(2) for role, part in PARTS]
    large = [UnitName("large", "attn.q", side, i) for side, count in SIDES for i in range(count)]
    bias = [UnitName("bias", "norm.final", side, None) for side, _ in SIDES]
    thin = [UnitName("thin", "cross", "decoder", i) for i in range(2)]
    expected = [*encoder, *decoder, *large, *bias, *thin, UnitName("prompt", "embed", "encoder", None)]
    assert [member.name for member in space.members] == expected
    assert [member.kind for member in space.members] == (
        ["lora"] * 20 + ["bitfit"] * 2 + ["low_rank_adapter"] * 2 + ["prompt"]
    )


PARTS = (("attn.q", 0), ("ffn.in", 0), ("ffn.in", 1))  # the gated feed-forward part has two inner maps
SIDES = (("encoder", 3), ("decoder", 2))


def test_costs_are_the_numbers_of_each_unit(space):
    # width 16, heads 3 of 6, inner 24: queries 16 -> 18, inner maps 16 -> 24, adapters 16 -> 4 -> 16 by rank 1
    small, large, thin = [16 + 18, 16 + 24, 16 + 24] * 5, [3 * (16 + 18)] * 5, [16 + 4 + 4 + 4 + 16 + 16] * 2
    assert space.costs.tolist() == [*small, *large, 16, 16, *thin, 2 * 16]
    assert [member.cost for member in space.members] == space.costs.tolist()
    assert int(space.costs.sum()) == space.delta.size == len(space.delta.layout.initial(0))


def test_two_methods_of_one_kind_have_tensors_of_their_own(space):
    names = [spec.name for spec in space.delta.layout.specs]
    assert len(set(names)) == len(names)
    path = "encoder.block.0.layer.0.SelfAttention.q.lora_A"
    assert {f"small.{path}", f"large.{path}"} <= set(names)


@pytest.mark.parametrize("kept", METHODS)
def test_the_units_of_one_method_do_what_it_does_alone(kept, space, backbone, batch):
    theta = perturbed(space.delta)
    alone = METHODS[kept].bind(backbone, kept)
    tensors = space.delta.layout.unflatten(theta)
    part = alone.layout.flatten({spec.name: tensors[f"{kept}.{spec.name}"] for spec in alone.layout.specs})
    gates = torch.tensor([float(member.name.method == kept) for member in space.members])
    delta = space.delta
    if kept != "prompt":  # the places of a closed prompt stay attended
        without = Candidates.of({name: m for name, m in METHODS.items() if name != "prompt"}, backbone)
        delta, gates = without.delta, gates[:-1]
        theta = delta.layout.flatten({spec.name: tensors[spec.name] for spec in delta.layout.specs})
    stack = Stack(backbone)
    same(stack.logits(batch, [Segment(delta, theta, gates)]), stack.logits(batch, [Segment(alone, part)]))


@pytest.mark.parametrize(
    ("methods", "line"),
    [
        ({"prefix": Prefix(length=2)}, "methods.prefix: its units share the tensor encoder.attn.prefix.embedding, so"),
        ({"compacter": Compacter()}, "methods.compacter: its units share the tensor compacter.down_rule, so"),
        ({"full": Full()}, "methods.full: replaces the backbone's weights, so it has no units to choose from"),
        ({"frozen": Frozen()}, "methods.frozen: has no units to choose from"),
        ({"a.b": BitFit()}, "methods.a.b: a name is made of letters, digits, _ and -"),
        ({"lora": Lora(roles=("attn.w",))}, "methods.lora: backbone 'random v1.1' .* unknown role 'attn.w'"),
    ],
)
def test_what_cannot_be_chosen_from_is_refused_in_one_line(methods, line, backbone):
    with pytest.raises(UserError, match=line) as caught:
        Candidates.of({"bias": BitFit(), **methods}, backbone)
    assert "\n" not in str(caught.value)


def test_methods_that_can_share_nothing_are_taken(backbone):
    methods = {"prefix": Prefix(length=2, parametrization="direct"), "compacter": Compacter(share_rule=False)}
    space = Candidates.of(methods, backbone)
    assert len(space.members) == 5 + 10
    assert int(space.costs.sum()) == sum(method.bind(backbone, "one").size for method in methods.values())


def test_a_name_leads_to_its_unit(space):
    for i, member in enumerate(space.members):
        assert space.position(member.name) == i


@pytest.mark.parametrize(
    ("name", "line"),
    [
        (UnitName("smell", "attn.q", "encoder", 0), "unknown method 'smell'; did you mean small"),
        (UnitName("small", "attn.k", "encoder", 0), "unknown role 'attn.k'; did you mean attn.q"),
        (UnitName("thin", "cross", "encoder", 0), "unknown side 'encoder'; .*allowed: decoder"),
        (UnitName("small", "attn.q", "decoder", 2), "unknown layer '2'; allowed: 0, 1$"),
        (UnitName("small", "attn.q", "decoder", 1, 1), "unknown part '1'; allowed: 0$"),
    ],
)
def test_a_name_of_no_unit_is_refused_by_the_part_that_is_wrong(name, line, space):
    with pytest.raises(UserError, match=line) as caught:
        space.position(name)
    assert str(caught.value).startswith(f"{name} is not on backbone 'random v1.1'")
