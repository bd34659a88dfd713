"""The roles of every family: each matrix and gain inside its layers has one, and each names what it should."""

from __future__ import annotations

import pytest
from torch import nn
from transformers.pytorch_utils import Conv1D

from deltalab.backbone.site import ROLES

from .models import MODELS, backbone

UNNAMED = ("q_norm", "k_norm")  # the norms on single heads in Qwen 3
LAST = {
    "bart": {"attn": "self_attn", "cross.o": "encoder_attn.out_proj", "ffn.in": "fc1", "ffn": "fc2", "head": "lm_head"},
    "gpt2": {"attn": "attn", "attn.v": "c_attn", "attn.o": "attn.c_proj", "ffn": "mlp", "norm.ffn": "ln_2"},
    "llama": {"attn": "self_attn", "attn.k": "k_proj", "ffn.out": "down_proj", "norm.attn": "input_layernorm"},
    "bert": {"attn": "attention.output.dense", "attn.q": "self.query", "ffn.in": "intermediate.dense", "ffn": "dense"},
    "roberta": {"attn.v": "self.value", "norm.attn": "attention.output.LayerNorm", "head": "lm_head.decoder"},
}


@pytest.mark.parametrize("model_type", MODELS)
def test_every_map_and_norm_inside_the_layers_has_a_role(model_type):
    one = backbone(model_type)
    named = {site.path for site in one.sites(("*",))}
    kinds = (nn.Linear, Conv1D, nn.LayerNorm)
    inside = {
        path
        for path, module in one.model.named_modules()
        if any(part.isdigit() for part in path.split("."))
        and (isinstance(module, kinds) or "RMSNorm" in type(module).__name__)
        and not path.endswith(UNNAMED)
    }
    assert inside
    assert inside - named == set()


@pytest.mark.parametrize("model_type", MODELS)
def test_roles_are_the_shared_ones_and_layers_are_counted(model_type):
    one = backbone(model_type)
    sites = one.sites(("*",))
    assert {site.role for site in sites} <= set(ROLES)
    for site in sites:
        numbers = [int(part) for part in site.path.split(".") if part.isdigit()]
        assert site.layer == (numbers[0] if numbers else None)
    sides = {"encoder"} if model_type in ("bert", "roberta") else {"encoder", "decoder"}
    assert {site.side for site in sites} == (sides if model_type in ("t5", "bart", "bert", "roberta") else {"decoder"})


@pytest.mark.parametrize(("model_type", "role"), [(kind, role) for kind in LAST for role in LAST[kind]])
def test_a_role_names_the_module_it_should(model_type, role):
    sites = backbone(model_type).sites((role,))
    assert sites
    assert all(site.path.endswith(LAST[model_type][role]) for site in sites)
