"""A solution goes out as an adapter and comes back as it was."""

from __future__ import annotations

import json
import shlex

import pytest
import torch

from deltalab.backbone.families.t5 import t5
from deltalab.backbone.load import embedded
from deltalab.delta.candidates import Candidates
from deltalab.delta.chosen import Structure
from deltalab.delta.ia3 import IA3
from deltalab.delta.lora import Lora
from deltalab.delta.prompt import Prompt
from deltalab.delta.solution import Solution
from deltalab.delta.structure import FromStructure, OfStructure
from deltalab.errors import UserError
from deltalab.interop.export import as_adapter
from deltalab.interop.importing import as_overrides, import_adapter
from deltalab.interop.opened import Opened, open_solution


@pytest.fixture(scope="module")
def tiny():
    return embedded("tiny", t5())


METHODS = [Lora(rank=3, alpha=5.0, roles=("attn.q", "ffn.in")), IA3(layers=(1, 2)), Prompt(length=5)]


@pytest.fixture
def exported(tiny, tmp_path):
    """`exported(method)`: a solution on the embedded backbone, and the folder of its adapter."""

    def make(method):
        delta = method.bind(tiny, "delta")
        theta = delta.layout.initial(0) + 0.1 * torch.randn(delta.size, generator=torch.Generator().manual_seed(1))
        one = Opened(Solution.of(delta, theta, 0, {}), delta)
        (tmp_path / "adapter").mkdir()
        as_adapter(one).save(tmp_path / "adapter")
        return one, tmp_path / "adapter"

    return make


@pytest.mark.parametrize("method", METHODS)
def test_the_same_numbers_in_the_same_layout(exported, tmp_path, method):
    one, folder = exported(method)
    import_adapter(folder, tmp_path / "back", seed=7)
    again = open_solution(tmp_path / "back")
    assert again.delta.layout.fingerprint == one.delta.layout.fingerprint
    assert torch.equal(again.solution.theta, one.solution.theta)
    assert torch.equal(again.solution.theta0, one.delta.layout.initial(7))


def test_the_command_names_every_setting_that_is_not_usual(exported, tmp_path):
    _, folder = exported(Lora(rank=3, roles=("attn.q",), layers=(1,)))
    again = import_adapter(folder, tmp_path / "back")
    words = shlex.split(as_overrides(again, tmp_path / "back"))
    assert words == [
        "delta=lora",
        "delta.rank=3",
        'delta.roles=["attn.q"]',
        "delta.layers=[1]",
        f"solution={tmp_path / 'back'}",
    ]


def test_a_structure_leaves_its_file(exported, tiny, tmp_path):
    space = Candidates.of({"lora": Lora(rank=2)}, tiny)
    one, folder = exported(OfStructure(Structure.of(space, [0, 3, 4])))
    again = import_adapter(folder, tmp_path / "back")
    words = as_overrides(again, tmp_path / "back")
    assert f"delta=structure delta.path={tmp_path / 'back' / 'structure.yaml'}" in words
    delta = FromStructure(str(tmp_path / "back" / "structure.yaml")).bind(tiny, "structure")
    assert torch.equal(Solution.load(tmp_path / "back", delta).theta, one.solution.theta)


def test_a_card_of_other_weights_is_refused(exported, tmp_path):
    one, folder = exported(Lora())
    card = {"backbone": {**one.solution.card["backbone"], "weights": "f" * 64}}
    (folder / "deltalab.json").write_text(json.dumps(card))
    with pytest.raises(UserError, match="made for backbone 'tiny' with weights ffffffffffff, but"):
        import_adapter(folder, tmp_path / "back")
    assert not (tmp_path / "back").exists()


def test_an_adapter_that_names_no_backbone_is_refused(exported, tmp_path):
    _, folder = exported(Lora())
    config = json.loads((folder / "adapter_config.json").read_text())
    (folder / "adapter_config.json").write_text(json.dumps({**config, "base_model_name_or_path": None}))
    with pytest.raises(UserError, match="give --backbone"):
        import_adapter(folder, tmp_path / "back")
    import_adapter(folder, tmp_path / "back", "tiny")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"peft_type": 3}'])
def test_a_damaged_adapter_is_refused(exported, tmp_path, text):
    _, folder = exported(Lora())
    (folder / "adapter_config.json").write_text(text)
    with pytest.raises(UserError, match="cannot be read"):
        import_adapter(folder, tmp_path / "back", "tiny")


def test_a_damaged_file_of_numbers_is_refused(exported, tmp_path):
    _, folder = exported(Lora())
    (folder / "adapter_model.safetensors").write_bytes(b"\x00" * 20)
    with pytest.raises(UserError, match="cannot be read"):
        import_adapter(folder, tmp_path / "back", "tiny")


def test_a_seed_is_a_seed(exported, tmp_path):
    _, folder = exported(Lora())
    with pytest.raises(UserError, match="--seed -1"):
        import_adapter(folder, tmp_path / "back", "tiny", -1)
