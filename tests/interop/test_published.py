"""Structures in the published form: the counts that are known of them, and what has no counterpart."""

from __future__ import annotations

import json

import pytest

from deltalab.delta.chosen import Structure
from deltalab.delta.structure import FromStructure
from deltalab.errors import UserError
from deltalab.interop.published import published_structure, t5_large

MAPS = ("SelfAttention.q", "SelfAttention.k", "SelfAttention.v", "SelfAttention.o")
INNER = (*MAPS, "DenseReluDense.wi", "DenseReluDense.wo")
BIAS = {"sequential": {"BitFitParallel": {}}}
GAIN = {"parallel": {"LNFit": {}}, **BIAS}
LORA = {"parallel": {"Lora": {"lora_r": 1}}}
LRA = {"sequential": {"LowRankAdapter": {}}}
MIX = [
    {**{name: {**LORA, **BIAS} for name in INNER}, "layer_norm": GAIN, "final_layer_norm": GAIN},
    {"DenseReluDense": LRA, "SelfAttention": LRA},
]
# Units and numbers on t5-large, as published: by kind where it is told.
KNOWN = {
    "mix": (MIX, 1_881_088, {"lora": 288, "bitfit": 410, "lnfit": 122, "low_rank_adapter": 96}),
    "lora": ([{name: LORA for name in INNER}], 884_736, {"lora": 288}),
    "lora of rank 8": (
        [{name: {"parallel": {"Lora": {}}} for name in ("SelfAttention.q", "SelfAttention.v")}],
        1_572_864,
        {"lora": 96},
    ),
    "adapter": (
        [{name: {"sequential": {"Adapter": {}}} for name in ("SelfAttention", "DenseReluDense")}],
        4_819_200,
        {"adapter": 96},
    ),
    "bitfit": (
        [{name: BIAS for name in (*INNER, "layer_norm", "final_layer_norm", "lm_head")}],
        599_396,
        {"bitfit": 411},
    ),
}


@pytest.fixture(scope="module")
def large():
    return t5_large()


@pytest.fixture
def written(tmp_path):
    """`written(stages)`: the file that holds them."""

    def write(stages):
        (tmp_path / "published.json").write_text(json.dumps(stages))
        return tmp_path / "published.json"

    return write


@pytest.mark.parametrize(("stages", "numbers", "kinds"), KNOWN.values(), ids=list(KNOWN))
def test_counts_on_t5_large(large, written, stages, numbers, kinds):
    found = published_structure(written(stages), large)
    assert found.cost == numbers
    assert {name: sum(unit.name.method == name for unit in found.units) for name in found.methods} == kinds


def test_whole_paths_choose_single_units(make_backbone, written, tmp_path):
    backbone = make_backbone("v1.0")
    stages = [
        {"encoder.block.1.layer.1.DenseReluDense.wi": LORA, "decoder.block.0.layer.1.layer_norm": BIAS},
        {"encoder.block.2.layer.0.SelfAttention.q": {"parallel": {"Lora": {"lora_r": 3, "lora_alpha": 6}}}},
        {"decoder.final_layer_norm": GAIN, "decoder.block.1.layer.2.DenseReluDense": LRA},
    ]
    found = published_structure(written(stages), backbone)
    assert {str(name) for name in found.names} == {
        "lora at ffn.in of encoder 1",
        "lora-2 at attn.q of encoder 2",
        "bitfit at norm.cross of decoder 0",
        "bitfit at norm.final of decoder",
        "lnfit at norm.final of decoder",
        "low_rank_adapter at ffn of decoder 1",
    }
    assert found.methods["lora"]["rank"] == 1
    assert found.methods["lora"]["alpha"] == 16.0  # the published default
    assert (found.methods["lora-2"]["rank"], found.methods["lora-2"]["alpha"]) == (3, 6)
    assert found.methods["low_rank_adapter"]["start"] == "s3"
    found.save(tmp_path / "out.yaml")
    assert Structure.load(tmp_path / "out.yaml").names == found.names
    assert len(FromStructure(str(tmp_path / "out.yaml")).units(backbone)) == 6


@pytest.mark.parametrize(
    ("stages", "told"),
    [
        ([], "chooses nothing; full fine-tuning is delta=full"),
        ([{"encoder": {"sequential": {"SoftPrompt": {}}}}], "no counterpart for SoftPrompt at encoder"),
        ([{"wo": {"sequential": {"Lora": {}}}}], r"Lora at wo, sequential \(known: parallel\)"),
        ([{"wo": {"parallel": {"Lora": {"lora_s": 1}}}}], r"Lora at wo, lora_s \(known: lora_r, lora_alpha"),
        ([{"encoder.block.9.layer.0.SelfAttention.q": LORA}], r"SelfAttention\.q \(the backbone has no such module\)"),
        ([{"wo": {"parallel": {"Lora": {"lora_r": 0}}}}], r"delta\.rank=0"),
        ([{"SelfAttention": LORA}], "needs a linear map"),
        ([{"wo": 3}], "not in the published JSON form"),
        ({"a": 1}, "not in the published JSON form"),
    ],
)
def test_what_has_no_counterpart_is_named(make_backbone, written, stages, told):
    with pytest.raises(UserError, match=told):
        published_structure(written(stages), make_backbone("v1.0"))


def test_everything_without_a_counterpart_is_named_at_once(make_backbone, written):
    stages = [{"wi": LORA, "wo": {"sequential": {"Lora": {}}}}]
    with pytest.raises(UserError, match=r"Lora at wi \(the backbone .*; Lora at wo, sequential"):
        published_structure(written(stages), make_backbone("v1.1"))


def test_no_file(make_backbone, tmp_path):
    with pytest.raises(UserError, match="not in the published JSON form"):
        published_structure(tmp_path / "none.json", make_backbone())
