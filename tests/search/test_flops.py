"""FLOPs of units against closed forms, and against the counter of torch on the real hooks."""

from __future__ import annotations

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode
from transformers import T5Config, T5ForConditionalGeneration

from deltalab.backbone.backbone import Backbone
from deltalab.backbone.families.t5 import t5
from deltalab.delta.adapter import Adapter
from deltalab.delta.bitfit import BitFit
from deltalab.delta.candidates import Candidates
from deltalab.delta.ia3 import IA3
from deltalab.delta.lnfit import LNFit
from deltalab.delta.lora import Lora
from deltalab.delta.low_rank_adapter import LowRankAdapter
from deltalab.delta.method import Delta
from deltalab.delta.prefix import Prefix
from deltalab.delta.prompt import Prompt
from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack
from deltalab.search.cost import Forward
from deltalab.search.flops import Flops

FORWARD = Forward(rows=3, source_length=7, target_length=5)
ROLES = ("attn.?", "cross.?", "ffn.in", "ffn.out")
WIDTH, INNER, HEADS, EACH = 16, 24, 3, 6  # those of the backbone
METHODS = {
    "lora": Lora(rank=2, roles=ROLES),
    "bitfit": BitFit(),
    "lnfit": LNFit(),
    "thin": LowRankAdapter(reduction=4, roles=("attn", "cross", "ffn")),
    "adapter": Adapter(size=4),
    "ia3": IA3(),
    "prefix": Prefix(length=2, parametrization="direct", cross=True),
}
SHAPES = {"ffn.in": (WIDTH, INNER), "ffn.out": (INNER, WIDTH)}
SHAPES |= {f"{a}.{m}": (WIDTH, HEADS * EACH) for a in ("attn", "cross") for m in "qkv"}
SHAPES |= {f"{a}.o": (HEADS * EACH, WIDTH) for a in ("attn", "cross")}


def positions(name):
    """How many a unit sees: the decoder makes keys and values of the encoder's output."""
    encoded = name.side == "encoder" or name.role in ("cross.k", "cross.v")
    return FORWARD.rows * (FORWARD.source_length if encoded else FORWARD.target_length)


def expected(name):
    """FLOPs of products and of everything else."""
    n, (width, out) = positions(name), SHAPES.get(name.role, (WIDTH, WIDTH))
    scores = n * HEADS * 2  # two prefix positions
    return {
        "lora": (n * 2 * 2 * (width + out), 0),
        "bitfit": (0, n * out),
        "lnfit": (0, n * (5 * WIDTH + 2)),  # square, mean, scale, gain, sum; eps and root
        "thin": (n * 2 * (WIDTH + 4 + 4 + WIDTH), n * (4 + WIDTH)),
        "adapter": (n * 2 * 2 * 4 * WIDTH, n * (4 + WIDTH)),
        "ia3": (0, n * (width if name.role == "ffn.out" else out)),
        "prefix": (scores * 2 * 2 * EACH, scores * 3),  # bias, mask, softmax; T5 scales nothing
    }[name.method]


@pytest.fixture(scope="module")
def candidates(backbone):
    return Candidates.of(METHODS, backbone)


def test_each_unit_costs_its_closed_form(candidates):
    counts = Flops(FORWARD).costs(candidates)
    assert counts.dtype == torch.long
    for member, count in zip(candidates.members, counts.tolist(), strict=True):
        assert count == sum(expected(member.name)), member.name


@torch.no_grad()
def test_products_are_those_of_the_real_hooks(candidates, backbone):
    stack = Stack(backbone, "eager")

    def counted(*units):
        delta = Delta("one", backbone, units)
        with FlopCounterMode(display=False) as counter:
            stack.logits(FORWARD.batch(), [Segment(delta, torch.ones(delta.size))])
        return counter.get_total_flops()

    alone = counted()
    members = zip(candidates.members, candidates.delta.units, strict=True)
    chosen = [(member, unit) for member, unit in members if member.name.layer in (None, 1)]
    assert {member.name.method for member, _ in chosen} == set(METHODS)
    for member, unit in chosen:
        assert counted(unit) - alone == expected(member.name)[0], member.name


def test_several_units_cost_their_sum(candidates):
    """What a budget rests on: costs of products add up in one forward with all of them."""
    products = sum(expected(member.name)[0] for member in candidates.members)
    stack, delta = Stack(candidates.delta.backbone, "eager"), candidates.delta
    totals = []
    for segment in (
        Segment(delta, torch.ones(delta.size)),
        Segment(Delta("none", delta.backbone, ()), torch.ones(0)),
    ):
        with torch.no_grad(), FlopCounterMode(display=False) as counter:
            stack.logits(FORWARD.batch(), [segment])
        totals.append(counter.get_total_flops())
    assert totals[0] - totals[1] == products


def test_a_prompt_costs_what_a_longer_input_does(backbone):
    (cost,) = Flops(FORWARD).costs(Candidates.of({"prompt": Prompt(length=4)}, backbone)).tolist()
    longer = Forward(FORWARD.rows, FORWARD.source_length + 4, FORWARD.target_length)
    assert cost == pytest.approx(Flops(longer).denominator(backbone) - Flops(FORWARD).denominator(backbone), rel=0.01)


@torch.no_grad()
def test_the_denominator_is_the_whole_forward(make_backbone):
    backbone = make_backbone("v1.0")  # tied embeddings, one inner map
    with FlopCounterMode(display=False) as counter:
        Stack(backbone, "eager").logits(FORWARD.batch(), [Segment(Delta("none", backbone, ()), torch.ones(0))])
    assert 1 <= Flops(FORWARD).denominator(backbone) / counter.get_total_flops() < 1.5


def test_shares_hardly_depend_on_the_rows(candidates, backbone):
    ratios = []
    for rows in (1, 4):
        cost = Flops(Forward(rows, 7, 5))
        ratios.append(cost.costs(candidates).double() / cost.denominator(backbone))
    torch.testing.assert_close(*ratios, rtol=0.05, atol=0)  # the position bias is the same for all rows


def test_a_backbone_without_weights_is_enough_and_stays_as_it_is():
    with torch.device("meta"):
        shape = {"d_model": 64, "d_ff": 128, "d_kv": 16, "num_heads": 4, "num_layers": 2, "decoder_start_token_id": 0}
        model = T5ForConditionalGeneration(T5Config(**shape))
    backbone, before = Backbone(model, None, t5(), "bare"), model.config.to_dict()
    lora = Candidates.of({"lora": Lora(rank=1, roles=("attn.q",))}, backbone)
    assert Flops().costs(lora).tolist() == [2 * 128 * 128] * 2 + [2 * 8 * 128] * 2
    assert model.config.to_dict() == before
    assert not any(module._forward_hooks or module._forward_pre_hooks for module in model.modules())
