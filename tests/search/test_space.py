"""Search spaces against the published counts, and against counts by hand."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import torch
from hydra import compose, initialize_config_dir
from hydra.utils import instantiate
from transformers import T5Config, T5ForConditionalGeneration

from deltalab.backbone.backbone import Backbone
from deltalab.backbone.families.t5 import t5
from deltalab.delta.compacter import Compacter
from deltalab.errors import UserError
from deltalab.search.space import SearchSpace

CONF = Path(__file__).parents[2] / "conf"
MEMBERS = sorted(path.stem for path in (CONF / "search_space").glob("*.yaml"))


def test_a_method_of_none_is_left_out():
    """`search_space.methods.lora=null` on the command line."""
    lora = Compacter()
    assert SearchSpace({"one": lora, "other": None}).methods == {"one": lora}
    with pytest.raises(UserError, match="name at least one method"):
        SearchSpace({"other": None})


def space(name):
    with initialize_config_dir(str(CONF), version_base="1.3"):
        return instantiate(compose(overrides=[f"+search_space={name}"]).search_space, _convert_="all")


@pytest.fixture(scope="module")
def large():
    """T5 v1.0 large with the embeddings of its tokenizer only, without weights."""
    with torch.device("meta"):
        shape = {"d_model": 1024, "d_ff": 4096, "d_kv": 64, "num_heads": 16, "num_layers": 24}
        model = T5ForConditionalGeneration(T5Config(vocab_size=32100, **shape))
    return Backbone(model, None, t5(), "t5-large")


@pytest.mark.parametrize(
    ("name", "units", "numbers"),
    [
        ("mix", 916, 1_881_088),
        ("mix_published", 916, 1_881_088),
        ("lora", 288, 884_736),
        ("lora_qv", 96, 1_572_864),
        ("lra", 96, 304_128),
        ("bitfit", 411, 599_396),
        ("lnfit", 122, 124_928),
        ("prompt", 1, 102_400),
        # The published one leaves cross-attention out: 96 units of these sizes, 24 fewer with their numbers here.
        ("adapter", 96 + 24, 4_819_200 + 24 * (2 * 1024 * 24 + 24 + 1024)),
    ],
)
def test_spaces_have_the_published_sizes(name, units, numbers, large):
    candidates = space(name).bind(large)
    assert len(candidates.members) == len(candidates.delta.units) == units
    assert candidates.delta.size == int(candidates.costs.sum()) == numbers


def test_every_space_is_counted_here():
    counted = {"mix", "mix_published", "lora", "lora_qv", "lra", "bitfit", "lnfit", "prompt", "adapter"}
    assert set(MEMBERS) == counted


def test_the_mixed_space_has_the_published_kinds(large):
    kinds = Counter(member.kind for member in space("mix").bind(large).members)
    assert kinds == {"lora": 288, "bitfit": 410, "lnfit": 122, "low_rank_adapter": 96}


def test_the_mixed_space_has_18_units_a_layer_of_the_encoder_20_of_the_decoder_and_4_more(large):
    places = Counter((member.name.side, member.name.layer) for member in space("mix").bind(large).members)
    assert places.pop(("encoder", None)) == places.pop(("decoder", None)) == 2
    assert places == {(side, i): count for side, count in (("encoder", 18), ("decoder", 20)) for i in range(24)}


def test_each_cost_is_that_of_its_shape(large):
    inside = {"attn.q": (1024, 1024), "attn.k": (1024, 1024), "attn.v": (1024, 1024), "attn.o": (1024, 1024)}
    inside |= {"ffn.in": (1024, 4096), "ffn.out": (4096, 1024)}
    for member in space("mix").bind(large).members:
        width, out = inside.get(member.name.role, (1024, 1024))
        expected = {
            "lora": width + out,
            "bitfit": out,
            "lnfit": 1024,
            "low_rank_adapter": (1024 + 32 + 32) + (32 + 1024 + 1024),
        }
        assert member.cost == expected[member.kind]


def test_a_candidate_says_where_it_is(backbone):
    candidates = space("mix").bind(backbone)
    for member, unit in zip(candidates.members, candidates.delta.units, strict=True):
        name, site = member.name, unit.site
        assert (name.role, name.side, name.layer, member.kind) == (site.role, site.side, site.layer, unit.kind)
        assert all(spec.name.startswith(f"{name.method}.{site.path}") for spec in unit.specs)
    assert len({member.name for member in candidates.members}) == len(candidates.members)


@pytest.mark.parametrize("name", MEMBERS)
def test_every_space_fits_every_form_of_t5(name, make_backbone):
    for kind in ("v1.0", "v1.1", "mt5"):
        candidates = space(name).bind(make_backbone(kind))
        assert candidates.delta.size == int(candidates.costs.sum()) > 0


def test_a_space_of_nothing_is_refused():
    with pytest.raises(UserError, match=r"^search_space\.methods={}: name at least one method"):
        SearchSpace({})


def test_shared_tensors_are_refused_with_the_key(backbone):
    with pytest.raises(UserError, match=r"^search_space\.methods\.rules: its units share the tensor compacter"):
        SearchSpace({"rules": Compacter()}).bind(backbone)
