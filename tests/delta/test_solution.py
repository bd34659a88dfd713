"""A solution comes back as it was, and only where it belongs."""

from __future__ import annotations

import json

import pytest
import torch
from safetensors import safe_open

from deltalab.delta.lora import Lora
from deltalab.delta.segment import Segment
from deltalab.delta.solution import Solution, vector_hash
from deltalab.delta.stack import Stack

from .helpers import MEMBERS, bind, perturbed

FACTS = {"task": {"name": "some task"}, "job": {"lr": 0.1}}


@pytest.fixture
def saved(backbone, tmp_path):
    """A LoRA delta and the folder of its solution."""
    delta = Lora(rank=2).bind(backbone, "lora")
    Solution.of(delta, perturbed(delta), 3, FACTS).save(tmp_path, delta)
    return delta, tmp_path


@pytest.mark.parametrize("name", MEMBERS)
def test_it_comes_back_bit_for_bit(backbone, tmp_path, name):
    delta = bind(name, backbone)
    theta = perturbed(delta, seed=5)
    written = Solution.of(delta, theta.clone().requires_grad_(), 5, FACTS)
    written.save(tmp_path / "deep" / "folder", delta)
    read = Solution.load(tmp_path / "deep" / "folder", delta)
    assert torch.equal(read.theta, theta)
    assert torch.equal(read.theta0, delta.layout.initial(5))
    assert read.card == written.card == json.loads((tmp_path / "deep" / "folder" / "solution.json").read_text())


def test_the_card_tells_what_it_is(backbone, saved):
    delta, folder = saved
    card = json.loads((folder / "solution.json").read_text())
    assert card["delta"] == {"name": "lora", "size": delta.size, "layout": delta.layout.fingerprint}
    assert card["backbone"]["weights"] == backbone.weight_hash
    assert card["backbone"]["parameters"] == sum(p.numel() for p in backbone.model.parameters())
    assert (card["seed"], card["theta"], card["theta0"]) == (
        3,
        vector_hash(perturbed(delta)),
        vector_hash(delta.layout.initial(3)),
    )
    assert card["task"] == FACTS["task"]


def test_the_files_hold_one_tensor_for_each_name(saved):
    delta, folder = saved
    assert {path.name for path in folder.iterdir()} == {"theta.safetensors", "theta0.safetensors", "solution.json"}
    with safe_open(folder / "theta.safetensors", "pt") as tensors:
        assert {name: tuple(tensors.get_tensor(name).shape) for name in tensors.keys()} == {  # noqa: SIM118
            spec.name: spec.shape for spec in delta.layout.specs
        }
    assert len({path.stat().st_mode for path in folder.iterdir()}) == 1  # who may read the card may read the numbers


def test_full_fine_tuning_writes_no_theta0(backbone, tmp_path):
    delta = bind("full", backbone)
    Solution.of(delta, perturbed(delta), 0, FACTS).save(tmp_path, delta)
    assert {path.name for path in tmp_path.iterdir()} == {"theta.safetensors", "solution.json"}
    weights = torch.cat([p.flatten() for p in backbone.model.parameters()])
    assert torch.equal(Solution.load(tmp_path, delta).theta0, weights)


@torch.no_grad()
@pytest.mark.parametrize("name", ["lora", "prefix", "prompt", "full"])
def test_a_backbone_loaded_anew_gives_the_same_logits(make_backbone, batch, tmp_path, name):
    first, second = make_backbone(), make_backbone()
    delta, again = bind(name, first), bind(name, second)
    theta = perturbed(delta)
    Solution.of(delta, theta, 0, FACTS).save(tmp_path, delta)
    expected = Stack(first).logits(batch, [Segment(delta, theta)])
    found = Stack(second).logits(batch, [Segment(again, Solution.load(tmp_path, again).theta)])
    assert torch.equal(found, expected)


def test_the_number_format_of_the_backbone_is_no_other_backbone(make_backbone, saved):
    _, folder = saved
    other = make_backbone()
    other.model.to(torch.bfloat16)
    Solution.load(folder, Lora(rank=2).bind(other, "lora"))
