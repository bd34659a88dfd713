"""Small structures, and the shapes of backbones to lay them on."""

from __future__ import annotations

import torch
from transformers import T5Config, T5ForConditionalGeneration

from deltalab.backbone.backbone import Backbone
from deltalab.backbone.families.t5 import t5
from deltalab.delta.bitfit import BitFit
from deltalab.delta.candidates import Candidates, UnitName
from deltalab.delta.chosen import Chosen
from deltalab.delta.lora import Lora
from deltalab.search.structure import Structure

SHAPE = {"source": "one", "family": "t5", "layers": {"encoder": 4}, "widths": {"attn": 8}}
BIAS = {"_target_": "deltalab.delta.bitfit.BitFit"}


def structure(p, cost=10, **backbone):
    """BitFit units in the layers of `p`, whose values are p and, where given as a pair, cost."""
    units = []
    for layer, value in p.items():
        own, numbers = value if isinstance(value, tuple) else (value, cost)
        units.append(Chosen(UnitName("bias", "attn.q", "encoder", layer), own, numbers))
    return Structure({**SHAPE, **backbone}, {"bias": BIAS}, tuple(units), {"seed": len(p)})


def layers(one):
    return {unit.name.layer: unit.p for unit in one.units}


def bare(layers, decoder=None, **config):
    """A T5 of some depth, shapes alone."""
    with torch.device("meta"):
        shape = {"d_model": 16, "d_kv": 4, "d_ff": 32, "num_heads": 2, "num_layers": layers}
        model = T5ForConditionalGeneration(T5Config(num_decoder_layers=decoder or layers, **shape, **config))
    return Backbone(model, None, t5(), f"{layers} layers")


def space(backbone):
    return Candidates.of({"lora": Lora(rank=1, roles=("attn.q", "ffn.in")), "bias": BitFit()}, backbone)
