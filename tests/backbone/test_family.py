"""A table of roles for some other model."""

from __future__ import annotations

from deltalab.backbone.architecture.encoder_decoder import EncoderDecoder
from deltalab.backbone.family import Family
from deltalab.backbone.site import Site

TABLE = {
    "attn.q": r"h\.(?P<layer>\d+)\.attn\.(c_attn|q)",
    "attn.k": r"h\.(?P<layer>\d+)\.attn\.c_attn",
    "norm.final": r"ln_f",
    "ffn": r"(?P<side>encoder|decoder)\.mlp",
}


def sites(*paths):
    return Family("other", ("other",), TABLE, lambda module: (1, 1), EncoderDecoder()).sites(paths)


def test_sites_follow_the_order_of_the_paths():
    assert [site.path for site in sites("ln_f", "h.10.attn.q", "h.2.attn.q")] == ["ln_f", "h.10.attn.q", "h.2.attn.q"]


def test_a_module_may_play_several_roles():
    assert [site.role for site in sites("h.0.attn.c_attn")] == ["attn.q", "attn.k"]


def test_where_a_pattern_names_no_side_it_is_the_decoder_and_where_no_layer_there_is_none():
    assert sites("ln_f") == [Site("norm.final", "decoder", None, "ln_f")]
    assert sites("encoder.mlp") == [Site("ffn", "encoder", None, "encoder.mlp")]
    assert sites("h.12.attn.q") == [Site("attn.q", "decoder", 12, "h.12.attn.q")]


def test_a_pattern_must_match_the_whole_path():
    assert sites("transformer.h.0.attn.q", "h.0.attn.q.weight", "h.0.attn") == []


def test_a_side_and_parts_are_those_of_the_family():
    family = Family(
        "other", ("other",), TABLE, lambda module: (1, 1), EncoderDecoder(), side="encoder", parts={"attn.q": (1, 3)}
    )
    (one,) = family.sites(["h.0.attn.q"])
    assert (one.side, one.part, one.name) == ("encoder", (1, 3), "h.0.attn.q.q")
