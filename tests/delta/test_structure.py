"""A delta of the units that a file names."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from deltalab.delta.candidates import Candidates
from deltalab.delta.chosen import Structure
from deltalab.delta.lora import Lora
from deltalab.delta.low_rank_adapter import LowRankAdapter
from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack
from deltalab.delta.structure import FromStructure
from deltalab.errors import UserError
from deltalab.store.key import canonical

from .helpers import perturbed, same

WRITTEN = Path(__file__).with_name("structure.yaml")


def test_exactly_the_named_units_are_trained(backbone):
    delta = FromStructure(str(WRITTEN)).bind(backbone, "structure")
    assert [(unit.kind, unit.site.path) for unit in delta.units] == [
        ("lora", "encoder.block.0.layer.1.DenseReluDense.wi_0"),
        ("lora", "encoder.block.2.layer.0.SelfAttention.v"),
        ("lora", "decoder.block.1.layer.1.EncDecAttention.q"),
        ("bitfit", "encoder.block.1.layer.1.layer_norm"),
        ("bitfit", "decoder.final_layer_norm"),
        ("low_rank_adapter", "decoder.block.0.layer.2.DenseReluDense"),
    ]
    assert delta.unit_sizes().tolist() == [80, 68, 68, 16, 16, 60]
    assert delta.size == Structure.load(WRITTEN).cost


def test_it_is_its_search_space_with_all_other_gates_closed(backbone, batch, tmp_path):
    space = Candidates.of({"lora": Lora(rank=2), "thin": LowRankAdapter(reduction=4, start="s3")}, backbone)
    chosen = [0, 3, len(space.members) - 1]
    Structure.of(space, chosen).save(tmp_path / "s.yaml")
    delta = FromStructure(str(tmp_path / "s.yaml")).bind(backbone, "structure")
    gates = torch.zeros(len(space.members))
    gates[chosen] = 1.0
    theta = perturbed(space.delta)
    tensors = space.delta.layout.unflatten(theta)
    part = delta.layout.flatten({spec.name: tensors[spec.name] for spec in delta.layout.specs})
    stack = Stack(backbone)
    expected = stack.logits(batch, [Segment(space.delta, theta, gates)])
    same(stack.logits(batch, [Segment(delta, part)]), expected)
    assert (expected - stack.logits(batch, [Segment(space.delta, theta, 1 - gates)])).abs().max() > 1e-3


def test_the_order_of_the_file_does_not_matter(backbone, tmp_path):
    structure = Structure.load(WRITTEN)
    structure._replace(units=structure.units[::-1]).save(tmp_path / "s.yaml")
    layouts = [FromStructure(str(path)).bind(backbone, "s").layout for path in (WRITTEN, tmp_path / "s.yaml")]
    assert layouts[0].fingerprint == layouts[1].fingerprint


@pytest.mark.parametrize("start", ["identity", "s3"])
def test_it_starts_as_the_backbone_where_all_its_methods_do(start, backbone, tmp_path):
    space = Candidates.of({"lora": Lora(), "thin": LowRankAdapter(start=start)}, backbone)
    Structure.of(space, range(len(space.members))).save(tmp_path / "s.yaml")
    assert FromStructure(str(tmp_path / "s.yaml")).identity == (start == "identity")


def test_what_the_file_says_is_among_the_facts_of_finished_work(tmp_path):
    text, path = WRITTEN.read_text(), tmp_path / "s.yaml"
    facts = []
    for before, after in (("", ""), ("p: 0.9", "p: 0.8"), ("alpha: 4.0", "alpha: 8.0"), ("layer: 2", "layer: 1")):
        path.write_text(text.replace(before, after, 1))
        facts.append(canonical(vars(FromStructure(str(path)))))
    assert facts[0] == facts[1]  # p is no part of the delta
    assert len(set(facts)) == 3


def test_mistakes_name_the_file(backbone, tmp_path):
    path = tmp_path / "s.yaml"
    with pytest.raises(UserError, match=f"^structure {path}: no such file"):
        FromStructure(str(path))
    path.write_text(WRITTEN.read_text().replace("reduction: 4", "reduction: 0"))
    with pytest.raises(UserError, match=f"^structure {path}: methods.thin: delta.reduction=0: must be at least 1"):
        FromStructure(str(path))
    path.write_text(WRITTEN.read_text().replace("layer: 2", "layer: 3"))
    with pytest.raises(
        UserError, match=f"^structure {path}: lora at attn.v of encoder 3 is not on .* unknown layer '3'"
    ):
        FromStructure(str(path)).bind(backbone, "structure")
    path.write_text(WRITTEN.read_text().replace("decoder: 2", "decoder: 4"))
    with pytest.raises(UserError, match=f"^structure {path}: made for 3 encoder layers and 4 decoder layers, but"):
        FromStructure(str(path)).bind(backbone, "structure")
