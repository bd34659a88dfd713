"""A backbone: frozen, counted, hashed, and cut into sites."""

from __future__ import annotations

import pytest
import torch

from deltalab.backbone.backbone import Backbone
from deltalab.errors import UserError


def paths(sites):
    return [site.path for site in sites]


def test_every_weight_is_frozen(make_backbone):
    assert not any(weight.requires_grad for weight in make_backbone().model.parameters())


@pytest.mark.parametrize("kind", ["v1.0", "v1.1"])
def test_tied_weights_are_counted_once(kind, make_backbone):
    model = make_backbone(kind).model
    numbers = {weight.data_ptr(): weight.numel() for weight in model.parameters()}
    assert make_backbone(kind).num_parameters == sum(numbers.values())
    assert (model.lm_head.weight is model.shared.weight) == (kind == "v1.0")


def test_the_hash_is_that_of_the_weights(make_backbone):
    assert make_backbone().weight_hash == make_backbone().weight_hash
    assert make_backbone().weight_hash != make_backbone(seed=1).weight_hash
    assert make_backbone().weight_hash != make_backbone("mt5").weight_hash


def test_the_hash_is_the_same_in_bfloat16(make_backbone):
    half = make_backbone()
    half.model.to(torch.bfloat16)
    assert half.weight_hash == make_backbone().weight_hash


def test_one_changed_number_changes_the_hash(make_backbone):
    changed = make_backbone()
    changed.model.decoder.block[1].layer[2].DenseReluDense.wo.weight[0, 0] += 0.01
    assert changed.weight_hash != make_backbone().weight_hash


def test_weights_of_equal_sizes_that_change_places_change_the_hash(make_backbone):
    changed = make_backbone()
    attention = changed.model.encoder.block[0].layer[0].SelfAttention
    attention.k.weight, attention.v.weight = attention.v.weight, attention.k.weight
    assert changed.weight_hash != make_backbone().weight_hash


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        (("*.q",), ("attn.q", "cross.q")),
        (("attn.?",), ("attn.q", "attn.k", "attn.v", "attn.o")),
        (("norm.*",), ("norm.attn", "norm.cross", "norm.ffn", "norm.final")),
        (("attn*", "attn.q"), ("attn", "attn.q", "attn.k", "attn.v", "attn.o")),
    ],
)
def test_wildcards_match_letters_and_each_site_comes_once(roles, expected, backbone):
    found = backbone.sites(roles)
    assert {site.role for site in found} == set(expected)
    assert sorted(paths(found)) == sorted(path for role in expected for path in paths(backbone.sites((role,))))


def test_sites_come_in_the_order_of_the_model_whatever_the_order_of_the_roles(backbone):
    order = [path for path, _ in backbone.model.named_modules()]
    found = paths(backbone.sites(("ffn.out", "cross.v", "attn.q")))
    assert found == sorted(found, key=order.index)


def test_sides_and_layers_narrow_the_sites(backbone):
    assert paths(backbone.sites(("attn.q",), sides=("decoder",), layers=(1,))) == [
        "decoder.block.1.layer.0.SelfAttention.q"
    ]
    assert len(backbone.sites(("attn.q",), layers=[2])) == 1  # the encoder is deeper
    assert {site.side for site in backbone.sites(("*",), sides=("encoder",))} == {"encoder"}


def test_a_role_of_the_other_side_adds_nothing(backbone):
    found = backbone.sites(("attn.q", "cross.q"), sides=("encoder",))
    assert {site.role for site in found} == {"attn.q"}


@pytest.mark.parametrize(
    ("wanted", "line"),
    [
        ({"roles": ["attn.query"]}, "unknown role 'attn.query'; did you mean attn.q"),
        ({"roles": ["attn.q", "mlp.*"]}, r"unknown role 'mlp\.\*'"),
        ({"roles": ["attn.q"], "sides": ["encdoer"]}, "unknown side 'encdoer'; did you mean encoder"),
        ({"roles": ["attn.q"], "layers": [0, 3]}, "unknown layer '3'; allowed: 0, 1, 2"),
        ({"roles": ["cross.q"], "sides": ["encoder"]}, r"roles \['cross.q'\] match nothing on sides \['encoder'\]"),
        ({"roles": ["cross.q"], "layers": [2]}, r"match nothing on sides all and layers \[2\]"),
        ({"roles": []}, "match nothing"),
        ({"roles": ["attn.q"], "sides": []}, "match nothing"),
    ],
)
def test_sites_that_do_not_exist_end_in_one_line_with_the_backbone(wanted, line, backbone):
    with pytest.raises(UserError, match=line) as caught:
        backbone.sites(**wanted)
    assert "random v1.1" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_backbone_without_a_tokenizer_says_so(backbone):
    with pytest.raises(UserError, match=r"'random v1\.1' has no tokenizer"):
        _ = backbone.tokenizer


def test_device_dtype_and_modules_are_those_of_the_model(backbone):
    assert (backbone.device.type, backbone.dtype) == ("cpu", torch.float32)
    for site in backbone.sites(("*",)):
        assert backbone.module(site) is backbone.model.get_submodule(site.path)


def test_a_second_backbone_over_the_same_model_has_the_same_sites(backbone):
    again = Backbone(backbone.model, None, backbone.family, "again")
    assert again.sites(("*",)) == backbone.sites(("*",))
