"""How deep and how wide a backbone is."""

from __future__ import annotations

from typing import Any

from deltalab.backbone.backbone import Backbone
from deltalab.delta.shape import output_width

__all__ = ["depths", "outline"]


def depths(backbone: Backbone) -> dict[str, int]:
    """How many layers each side has."""
    found: dict[str, int] = {}
    for site in backbone.sites(("*",)):
        if site.layer is not None:
            found[site.side] = max(found.get(site.side, 0), site.layer + 1)
    return found


def outline(backbone: Backbone) -> dict[str, Any]:
    """Source, family, number of parameters, layers of each side, and output widths of some roles."""
    roles = [role for role in ("attn", "attn.q", "ffn.in") if role in backbone.family.patterns]
    return {
        "source": backbone.source,
        "family": backbone.family.name,
        "parameters": backbone.num_parameters,
        "layers": depths(backbone),
        "widths": {role: output_width(backbone, backbone.sites((role,))[0]) for role in roles},
    }
