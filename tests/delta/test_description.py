"""A method comes back from what a card says of it."""

from __future__ import annotations

import json
import shutil

import pytest
import torch

from deltalab.delta.adapter import Adapter
from deltalab.delta.description import described, description, differing
from deltalab.delta.lora import Lora
from deltalab.delta.solution import Solution
from deltalab.delta.structure import FromStructure
from deltalab.errors import UserError

from .helpers import MANDATORY, MEMBERS, bind, method, perturbed


@pytest.mark.parametrize("name", MEMBERS)
def test_it_makes_the_same_delta(backbone, name):
    read = described(json.loads(json.dumps(description(method(name)))))
    first, again = bind(name, backbone), read.bind(backbone, name)
    assert again.layout.fingerprint == first.layout.fingerprint
    assert [unit.act for unit in again.units] == [unit.act for unit in first.units]
    assert torch.equal(again.layout.initial(3), first.layout.initial(3))
    assert read.identity == method(name).identity


def test_a_structure_outlives_its_file(make_backbone, tmp_path):
    backbone, path = make_backbone(), tmp_path / "structure.yaml"
    shutil.copy(MANDATORY["structure"][0].split("'")[1], path)
    delta = FromStructure(str(path)).bind(backbone, "structure")
    theta = perturbed(delta)
    Solution.of(delta, theta, 0, {}).save(tmp_path / "solution", delta)
    path.unlink()
    card = json.loads((tmp_path / "solution" / "solution.json").read_text())
    again = described(card["method"]).bind(backbone, "structure")
    assert torch.equal(Solution.load(tmp_path / "solution", again).theta, theta)


@pytest.mark.parametrize("content", [{}, {"settings": {}}, {"structure": {"format": 9}}, {"structure": {"format": 1}}])
def test_what_describes_nothing_is_refused(content):
    with pytest.raises(UserError):
        described(content)


@pytest.mark.parametrize("name", MEMBERS)
def test_a_method_differs_in_nothing_from_its_own_description(name):
    assert differing(json.loads(json.dumps(description(method(name)))), method(name)) is None


def test_what_makes_another_function_is_named():
    assert differing(description(Adapter(activation="relu")), Adapter(activation="silu")) == "activation=relu, not silu"
    assert differing(description(Lora()), Adapter()).startswith(
        "target=deltalab.delta.lora.Lora, not deltalab.delta.ad"
    )
    assert differing(None, Lora()) is None
