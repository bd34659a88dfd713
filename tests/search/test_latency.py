"""Measured times against acts and modules that take a known time."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass

import pytest
import torch
from transformers import T5Config, T5ForConditionalGeneration

from deltalab.backbone.backbone import Backbone
from deltalab.backbone.families.t5 import t5
from deltalab.delta import initial
from deltalab.delta.act import EmbeddingAct, OutputAct
from deltalab.delta.bitfit import BitFit
from deltalab.delta.candidates import Candidates
from deltalab.delta.layout import Spec
from deltalab.delta.lora import Lora
from deltalab.delta.method import Method, Unit
from deltalab.errors import UserError
from deltalab.search.cost import Forward
from deltalab.search.latency import Latency

COST = Latency(Forward(2, 7, 5), repeats=5)
MS = 1e6


@dataclass(frozen=True)
class Asleep(OutputAct):
    seconds: float

    def __call__(self, module, x, y, tensors, gate):
        time.sleep(self.seconds)
        return y


@dataclass(frozen=True)
class AsleepPrompt(EmbeddingAct):
    length: int = 1

    def __call__(self, tensors, gate):
        time.sleep(0.3)
        return tensors[0]


@dataclass(frozen=True)
class Sleep(Method):
    """A unit at each site of a role that does nothing for some time."""

    role: str
    seconds: float
    identity = True

    def units(self, backbone):
        spec = initial.constant(0.0)
        return [
            Unit("sleep", site, (Spec(f"{site.path}.sleep", (1,), spec),), Asleep(self.seconds))
            for site in backbone.sites((self.role,))
        ]


@dataclass(frozen=True)
class SleepPrompt(Method):
    identity = False

    def units(self, backbone):
        (site,) = backbone.sites(("embed",), sides=("encoder",))
        return [Unit("sleep", site, (Spec("sleep", (1, 16), initial.constant(0.0)),), AsleepPrompt())]


def test_a_unit_costs_the_time_it_takes(backbone):
    methods = {"short": Sleep("attn.q", 0.01), "long": Sleep("ffn.out", 0.04), "prompt": SleepPrompt()}
    space = Candidates.of(methods, backbone)
    found = {member.name: cost for member, cost in zip(space.members, COST.costs(space).tolist(), strict=True)}
    for name, cost in found.items():
        expected = {"short": 10, "long": 40, "prompt": 300}[name.method] * MS
        assert 0.7 * expected < cost < 1.3 * expected + 20 * MS, name


def test_units_apart_in_their_layer_alone_cost_the_same(backbone):
    space = Candidates.of({"lora": Lora(rank=1, roles=("attn.q", "attn.v"))}, backbone)
    by_place = {}
    for member, cost in zip(space.members, COST.costs(space).tolist(), strict=True):
        by_place.setdefault((member.name.role, member.name.side), set()).add(cost)
    assert len(by_place) == 4
    assert all(len(costs) == 1 for costs in by_place.values())


def test_the_denominator_is_the_time_of_a_forward(make_backbone):
    backbone, once = make_backbone(), Latency(COST.forward, repeats=1)
    assert 0 < once.denominator(backbone) < 500 * MS
    backbone.model.register_forward_hook(lambda *_: time.sleep(0.5))
    assert 500 * MS < once.denominator(backbone) < 1000 * MS


def test_what_no_clock_can_tell_costs_1_ns(backbone, monkeypatch):
    ticks = itertools.count(step=10_000_000)
    monkeypatch.setattr("time.perf_counter_ns", lambda: next(ticks))
    space = Candidates.of({"bias": BitFit(roles=("attn.q",))}, backbone)
    assert COST.costs(space).unique().tolist() == [1.0]


def test_the_median_of_the_rounds_counts_and_the_first_warms_up(backbone, monkeypatch):
    """By hand: what each timing takes, with and without the unit in turns, the second and fourth round backwards."""
    taken = iter([9000, 1, 2, 30, 50, 10, 4, 20])  # rounds: 8999 warms up; 30 - 2, 50 - 10, 20 - 4
    monkeypatch.setattr("deltalab.search.latency._nanoseconds", lambda work, device: next(taken))
    space = Candidates.of({"bias": BitFit(roles=("norm.final",), sides=("encoder",))}, backbone)
    assert Latency(COST.forward, repeats=3).costs(space).tolist() == [28.0]


@pytest.mark.parametrize("training", [True, False])
def test_it_is_measured_in_eval_mode_and_leaves_the_mode_as_it_was(make_backbone, training):
    backbone = make_backbone()
    backbone.model.train(training)
    seen = set()
    backbone.model.register_forward_pre_hook(lambda module, _: seen.add(module.training))
    space = Candidates.of({"bias": BitFit(roles=("attn.q",))}, backbone)
    COST.costs(space)
    COST.denominator(backbone)
    assert seen == {False}
    assert backbone.model.training is training


def test_a_backbone_without_weights_is_refused():
    with torch.device("meta"):
        model = T5ForConditionalGeneration(T5Config(d_model=8, d_ff=8, d_kv=4, num_heads=2, num_layers=1))
    with pytest.raises(UserError, match=r"^cost=latency: backbone 'bare' has no weights; cost=flops needs none$"):
        COST.denominator(Backbone(model, None, t5(), "bare"))


def test_no_rounds_are_refused():
    with pytest.raises(UserError, match=r"^cost\.repeats=0: at least 1$"):
        Latency(repeats=0)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_it_is_measured_on_the_device(make_backbone):
    backbone = make_backbone()
    backbone.model.to("cuda")
    space = Candidates.of({"lora": Lora(rank=1), "long": Sleep("ffn.out", 0.008)}, backbone)
    costs = COST.costs(space)
    assert costs.device.type == "cpu"
    for member, cost in zip(space.members, costs.tolist(), strict=True):
        assert cost > (7 * MS if member.name.method == "long" else 0)
    assert 0 < COST.denominator(backbone) < 1000 * MS
