"""Input and output widths of the modules deltas sit on."""

from __future__ import annotations

from deltalab.backbone.backbone import Backbone
from deltalab.backbone.linear import linear_widths
from deltalab.backbone.site import Site
from deltalab.errors import UserError

__all__ = ["linear_shape", "output_width"]


def linear_shape(backbone: Backbone, site: Site) -> tuple[int, int]:
    """(in, out) of the linear map at a site, or of its part; raises `UserError` where the module is something else."""
    module = backbone.module(site)
    widths = linear_widths(module)
    if widths is None:
        raise UserError(
            f"role '{site.role}' ({site.path}) is a {type(module).__name__}, but this delta needs a linear map; "
            "allowed: roles such as attn.q, cross.v, ffn.in, ffn.out"
        )
    return widths[0], widths[1] // (1 if site.part is None else site.part[1])


def output_width(backbone: Backbone, site: Site) -> int:
    """Features in the output of a site: its own for a linear map, the model's width for blocks, norms, embeddings."""
    if linear_widths(backbone.module(site)) is None:
        return int(backbone.model.config.hidden_size)
    return linear_shape(backbone, site)[1]
