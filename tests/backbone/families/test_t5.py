"""The roles of T5, against lists of paths written by hand."""

from __future__ import annotations

import pytest

ENCODER, DECODER = range(3), range(2)
INNER = {"v1.0": ["wi"], "v1.1": ["wi_0", "wi_1"], "mt5": ["wi_0", "wi_1"]}


def blocks(encoder, decoder):
    """Paths of a kind of module in every layer of both sides; "" where a side has none."""
    found = [f"encoder.block.{i}.layer.{encoder}" for i in ENCODER if encoder]
    return found + [f"decoder.block.{i}.layer.{decoder}" for i in DECODER if decoder]


def expected(kind):
    table = {
        "attn": blocks("0.SelfAttention", "0.SelfAttention"),
        "cross": blocks("", "1.EncDecAttention"),
        "ffn": blocks("1.DenseReluDense", "2.DenseReluDense"),
        "norm.attn": blocks("0.layer_norm", "0.layer_norm"),
        "norm.cross": blocks("", "1.layer_norm"),
        "norm.ffn": blocks("1.layer_norm", "2.layer_norm"),
        "norm.final": ["encoder.final_layer_norm", "decoder.final_layer_norm"],
        "embed": ["encoder.embed_tokens", "decoder.embed_tokens"],
        "head": ["lm_head"],
    }
    for role in ("attn", "cross"):
        table |= {f"{role}.{part}": [f"{path}.{part}" for path in table[role]] for part in "qkvo"}
    table["ffn.in"] = [f"{path}.{part}" for path in table["ffn"] for part in INNER[kind]]
    table["ffn.out"] = [f"{path}.wo" for path in table["ffn"]]
    return table


@pytest.mark.parametrize("kind", INNER)
def test_every_role_has_its_modules_in_the_order_of_the_model(kind, make_backbone):
    backbone = make_backbone(kind)
    for role, paths in expected(kind).items():
        sites = backbone.sites((role,))
        assert [site.path for site in sites] == paths
        assert {site.role for site in sites} == {role}


@pytest.mark.parametrize("kind", INNER)
def test_there_are_no_other_roles(kind, make_backbone):
    assert {site.role for site in make_backbone(kind).sites(("*",))} == set(expected(kind))


@pytest.mark.parametrize("kind", INNER)
def test_a_site_knows_its_side_and_layer(kind, make_backbone):
    for site in make_backbone(kind).sites(("*",)):
        assert site.side == ("encoder" if site.path.startswith("encoder") else "decoder")
        parts = site.path.split(".")
        assert site.layer == (int(parts[2]) if "block" in parts else None)


@pytest.mark.parametrize("kind", INNER)
def test_every_matrix_and_gain_inside_the_layers_has_a_role(kind, make_backbone):
    backbone = make_backbone(kind)
    sited = {site.path for site in backbone.sites(("*",))}
    weights = {name.rsplit(".", 1)[0] for name, _ in backbone.model.named_parameters(remove_duplicate=False)}
    assert {path for path in weights - sited if "relative_attention_bias" not in path} == {"shared"}


def test_heads_are_those_of_the_config(backbone):
    for site in backbone.sites(("attn", "cross")):
        assert backbone.heads(site) == (3, 6)
