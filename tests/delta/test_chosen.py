"""Structures as files."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
import yaml

from deltalab.delta.bitfit import BitFit
from deltalab.delta.candidates import Candidates, UnitName
from deltalab.delta.chosen import Chosen, Structure
from deltalab.delta.lnfit import LNFit
from deltalab.delta.lora import Lora
from deltalab.errors import UserError

WRITTEN = Path(__file__).with_name("structure.yaml")


@pytest.fixture(scope="module")
def space(backbone):
    methods = {"lora": Lora(rank=1, roles=("ffn.in",)), "gain": LNFit(), "bias": BitFit(roles=("norm.final",))}
    return Candidates.of(methods, backbone)


def test_the_file_says_what_was_chosen_in_plain_words(space, tmp_path):
    p = torch.full((len(space.members),), torch.nan)
    p[[0, 3, -1]] = torch.tensor([0.0, 0.03, 0.25])
    Structure.of(space, [3, 0, len(space.members) - 1], p, {"task": "cola", "seed": 3}).save(tmp_path / "s.yaml")
    text = (tmp_path / "s.yaml").read_text()
    assert "- {role: ffn.in, side: encoder, layer: 1, part: 1, p: 0.03, cost: 40}" in text
    content = yaml.safe_load(text)
    assert content == {
        "format": 1,
        "backbone": {
            "source": "random v1.1",
            "family": "t5",
            "parameters": space.delta.backbone.num_parameters,
            "layers": {"encoder": 3, "decoder": 2},
            "widths": {"attn": 16, "attn.q": 18, "ffn.in": 24},
        },
        "methods": {
            "lora": {
                "_target_": "deltalab.delta.lora.Lora",
                "rank": 1,
                "alpha": 16.0,
                "dropout": 0.0,
                "roles": ["ffn.in"],
                "sides": None,
                "layers": None,
                "start": "standard",
            },
            "bias": {
                "_target_": "deltalab.delta.bitfit.BitFit",
                "roles": ["norm.final"],
                "sides": None,
                "layers": None,
            },
        },
        "units": {
            "lora": [
                {"role": "ffn.in", "side": "encoder", "layer": 0, "p": 0.0, "cost": 40},
                {"role": "ffn.in", "side": "encoder", "layer": 1, "part": 1, "p": 0.03, "cost": 40},
            ],
            "bias": [{"role": "norm.final", "side": "decoder", "p": 0.25, "cost": 16}],
        },
        "provenance": {"task": "cola", "seed": 3},
    }


def test_a_file_is_read_as_it_was_written(space, tmp_path):
    p = torch.rand(len(space.members), generator=torch.Generator().manual_seed(0)) * 1e-4
    before = Structure.of(space, range(0, len(space.members), 2), p, {"über": ["a", 1]})
    before.save(tmp_path / "new" / "s.yaml")
    after = Structure.load(tmp_path / "new" / "s.yaml")
    assert after == before
    assert after.positions(space) == list(range(0, len(space.members), 2))
    assert [unit.p for unit in after.units] == pytest.approx(p[::2].tolist(), rel=1e-5)
    assert list((tmp_path / "new").iterdir()) == [tmp_path / "new" / "s.yaml"]


def test_a_file_by_hand_is_read():
    structure = Structure.load(WRITTEN)
    assert structure.units[1] == Chosen(UnitName("lora", "ffn.in", "encoder", 0), 0.25, 80)
    assert structure.units[4] == Chosen(UnitName("bitfit", "norm.final", "decoder", None), 1.0, 16)
    assert structure.cost == 68 + 80 + 68 + 16 + 16 + 60
    assert structure.made()["lora"] == Lora(rank=2, alpha=4.0, roles=["*.q", "*.v", "ffn.in"])


def test_every_learnt_p_is_kept_beside_what_was_chosen(space, tmp_path):
    p = torch.arange(len(space.members)) / 100
    before = Structure.of(space, [3, 0], p)
    before.save(tmp_path / "s.yaml")
    after = Structure.load(tmp_path / "s.yaml")
    assert after == before
    numbers = {unit.name: unit.p for unit in (*after.units, *after.left_out)}
    assert numbers == {member.name: pytest.approx(i / 100) for i, member in enumerate(space.members)}
    assert sum(unit.cost for unit in after.left_out) + after.cost == space.delta.size
    assert set(after.methods) == set(space.methods)
    content = yaml.safe_load((tmp_path / "s.yaml").read_text())
    assert list(content)[-1] == "left_out"
    assert content["left_out"]["lora"][0] == {
        "role": "ffn.in",
        "side": "encoder",
        "layer": 0,
        "part": 1,
        "p": 0.01,
        "cost": 40,
    }


def test_what_is_left_out_makes_no_method(space):
    structure = Structure.of(space, [0], torch.full((len(space.members),), 0.5))
    assert set(structure.made()) == set(structure.used) == {"lora"}
    assert structure.bare() == Structure.of(space, [0]).bare()


def test_a_unit_both_chosen_and_left_out_is_refused(space, tmp_path):
    one = Structure.of(space, [0], torch.full((len(space.members),), 0.5))
    one._replace(left_out=(*one.left_out, *one.units)).save(tmp_path / "s.yaml")
    with pytest.raises(UserError, match=r"s\.yaml: damaged or not a structure \(lora at ffn\.in of encoder 0 twice\)"):
        Structure.load(tmp_path / "s.yaml")


def test_without_learnt_p_a_chosen_unit_has_p_1(space):
    assert [unit.p for unit in Structure.of(space, [1, 2]).units] == [1.0, 1.0]
    assert not Structure.of(space, [1, 2]).left_out


def test_what_determines_the_delta_is_neither_p_nor_provenance(space):
    one, other = (Structure.of(space, [1, 2], torch.full((len(space.members),), p), {"seed": p}) for p in (0.25, 0.5))
    assert one != other
    assert one.bare() == other.bare()
    assert one.bare() != Structure.of(space, [1, 3]).bare()


def test_nothing_chosen_is_no_structure(space):
    with pytest.raises(UserError, match="at least one unit; none is chosen"):
        Structure.of(space, [])


def test_a_backbone_of_other_depth_is_refused(space):
    structure = Structure.of(space, [0])
    other = structure._replace(backbone={**structure.backbone, "layers": {"encoder": 12, "decoder": 2}})
    with pytest.raises(
        UserError, match=r"^made for 12 encoder layers and 2 decoder layers, but backbone .* has 3 encoder layers"
    ):
        other.positions(space)


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("layer: 2", "layer: 3", "unknown layer '3'; allowed: 0, 1, 2$"),
        ("role: attn.v", "role: attn.w", "unknown role 'attn.w'; did you mean"),
        ("role: norm.ffn, side: encoder", "role: norm.cross, side: encoder", "unknown side 'encoder'"),
    ],
)
def test_a_unit_the_backbone_lacks_is_named(before, after, line, backbone, tmp_path):
    path = tmp_path / "s.yaml"
    path.write_text(WRITTEN.read_text().replace(before, after, 1))
    structure = Structure.load(path)
    with pytest.raises(UserError, match=line):
        structure.positions(Candidates.of(structure.made(), backbone))
