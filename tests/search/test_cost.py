"""Costs in `conf/cost`, and what all of them owe."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
import torch
from hydra.utils import get_class, instantiate
from omegaconf import OmegaConf

from deltalab.delta.bitfit import BitFit
from deltalab.delta.candidates import Candidates
from deltalab.delta.lora import Lora
from deltalab.errors import UserError
from deltalab.search.cost import Cost, Forward, Parameters
from deltalab.search.discretize import greedy
from deltalab.search.shift import shift
from deltalab.search.tau_theta import tau_theta

CONF = Path(__file__).parents[2] / "conf" / "cost"
MEMBERS = sorted(path.stem for path in CONF.glob("*.yaml"))


def node(name):
    whole = OmegaConf.create({"stack": {"attention": "sdpa"}, "cost": OmegaConf.load(CONF / f"{name}.yaml")})
    return OmegaConf.to_container(whole, resolve=True)["cost"]


@pytest.fixture(scope="module")
def candidates(backbone):
    return Candidates.of({"lora": Lora(rank=1), "bias": BitFit(roles=("ffn.out",))}, backbone)


def test_there_are_three():
    assert MEMBERS == ["flops", "latency", "parameters"]


@pytest.mark.parametrize("name", MEMBERS)
def test_keys_and_values_are_those_of_the_constructor(name):
    made = instantiate(node(name))
    assert made == type(made)()
    assert {field.name for field in dataclasses.fields(get_class(node(name)["_target_"]))} == set(node(name)) - {
        "_target_"
    }


@pytest.mark.parametrize("name", MEMBERS)
def test_every_cost_serves_every_strategy_and_discretiser(name, candidates, backbone):
    cost = instantiate(node(name))
    assert isinstance(cost, Cost)
    n, whole = cost.costs(candidates), cost.denominator(backbone)
    assert n.shape == (len(candidates.members),)
    assert n.device.type == "cpu"
    assert n.min() > 0
    assert 0 < float(n.min()) < whole
    alpha = torch.linspace(-1, 1, len(n))
    budget = float(n.sum()) / 3
    for strategy in (shift, tau_theta):
        p = strategy(alpha, n, budget).sigmoid()
        assert float((p * n).sum()) == pytest.approx(budget, rel=1e-5)
    chosen = greedy(alpha, n, budget)
    assert 0 < float(n[chosen].sum()) <= budget


def test_parameters_are_those_of_the_layout_and_of_the_model(candidates, backbone):
    assert Parameters().costs(candidates).tolist() == [
        sum(value.numel() for value in map(torch.empty, [spec.shape for spec in unit.specs]))
        for unit in candidates.delta.units
    ]
    assert Parameters().denominator(backbone) == sum(value.numel() for value in backbone.model.parameters())


def test_a_forward_has_its_shape_and_no_padding():
    batch = Forward(2, 7, 5).batch()
    assert (batch.input_ids.shape, batch.labels.shape, len(batch)) == ((2, 7), (2, 5), 2)
    assert bool(batch.attention_mask.all())
    assert bool((batch.labels >= 0).all())


@pytest.mark.parametrize("name", ["rows", "source_length", "target_length"])
def test_a_forward_of_nothing_is_refused(name):
    with pytest.raises(UserError, match=rf"^cost\.forward\.{name}=0: at least 1$"):
        Forward(**{name: 0})
