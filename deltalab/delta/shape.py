"""Input and output widths of the modules deltas sit on."""

from __future__ import annotations

from torch import nn
from transformers.pytorch_utils import Conv1D

from deltalab.backbone.backbone import Backbone
from deltalab.backbone.site import Site
from deltalab.errors import UserError

__all__ = ["linear_shape", "output_width"]


def linear_shape(backbone: Backbone, site: Site) -> tuple[int, int]:
    """(in, out) of the linear map at a site; raises `UserError` where the module is something else."""
    module = backbone.module(site)
    parts = 1 if site.part is None else site.part[1]
    if isinstance(module, nn.Linear):
        return module.in_features, module.out_features // parts
    if isinstance(module, Conv1D):
        return int(module.nx), int(module.nf) // parts
    raise UserError(
        f"role '{site.role}' ({site.path}) is a {type(module).__name__}, but this delta needs a linear map; "
        "allowed: roles such as attn.q, cross.v, ffn.in, ffn.out"
    )


def output_width(backbone: Backbone, site: Site) -> int:
    """Features in the output of a site: its own for a linear map, the model's width for blocks, norms, embeddings."""
    module = backbone.module(site)
    if isinstance(module, nn.Linear | Conv1D):
        return linear_shape(backbone, site)[1]
    return int(backbone.model.config.hidden_size)
