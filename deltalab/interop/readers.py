"""Which linear maps read the output of a norm, and nothing else does."""

from __future__ import annotations

from deltalab.backbone.backbone import Backbone
from deltalab.backbone.site import Site
from deltalab.errors import UserError
from deltalab.interop.parts import Part

__all__ = ["readers"]

_SAME_LAYER = {
    "norm.attn": ("attn.q", "attn.k", "attn.v"),
    "norm.cross": ("cross.q",),
    "norm.ffn": ("ffn.in",),
}


_BEFORE = ("t5", "llama")
"""Families that normalise before each block, by norms without a bias."""


def readers(backbone: Backbone, part: Part) -> list[tuple[Site, float]]:
    """The maps that read a norm without a bias, each with the factor its input is multiplied by before.

    T5 and Llama normalise before each block and add the block's output to what was not normalised, so the maps at the
    entrance of the block read all there is. Raises `UserError` for a norm of another family, and for other modules.
    """
    site = part.site
    if backbone.family.name in _BEFORE and site.role in _SAME_LAYER:
        layers = None if site.layer is None else (site.layer,)
        found = backbone.sites(_SAME_LAYER[site.role], (site.side,), layers)
        return [(one, 1.0) for one in found]
    if backbone.family.name in _BEFORE and site.role == "norm.final":
        config = backbone.model.config
        if site.side == "encoder":
            return [(one, 1.0) for one in backbone.sites(("cross.k", "cross.v"))]
        scale = float(config.d_model**-0.5) if getattr(config, "scale_decoder_outputs", False) else 1.0
        return [(one, scale) for one in backbone.sites(("head",))]
    raise UserError(f"{part}: PEFT has no place for a bias there; allowed: biases of linear maps and of norms")
