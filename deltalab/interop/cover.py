"""The plainest method whose units are at given places."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from deltalab.backbone.backbone import Backbone
from deltalab.backbone.site import Site
from deltalab.delta.candidates import Candidates
from deltalab.delta.chosen import Structure
from deltalab.delta.method import Method
from deltalab.delta.structure import OfStructure

__all__ = ["Group", "chosen", "covering", "narrowed"]


class Group(NamedTuple):
    """A method that has units at the sites of these names, and perhaps at others."""

    method: Method
    paths: Collection[str]


def covering(backbone: Backbone, groups: Mapping[str, Group]) -> Method:
    """The method of the only group where its units are at the paths and nowhere else, otherwise a structure."""
    if len(groups) == 1:
        (group,) = groups.values()
        if {unit.site.name for unit in group.method.units(backbone)} == set(group.paths):
            return group.method
    return OfStructure(chosen(backbone, groups))


def chosen(backbone: Backbone, groups: Mapping[str, Group], provenance: Mapping[str, Any] | None = None) -> Structure:
    """The units of each group at its paths."""
    space = Candidates.of({name: group.method for name, group in groups.items()}, backbone)
    units = enumerate(zip(space.members, space.delta.units, strict=True))
    positions = [i for i, (member, unit) in units if unit.site.name in groups[member.name.method].paths]
    return Structure.of(space, positions, provenance=provenance)


def narrowed(backbone: Backbone, sites: Collection[Site]) -> dict[str, Any]:
    """The settings `sides` and `layers` that leave as few other sites as they can; None where they leave none out."""
    found = list(backbone.sites({site.role for site in sites}))
    sides, layers = ({getattr(site, key) for site in sites} for key in ("side", "layer"))
    all_sides, all_layers = ({getattr(site, key) for site in found} for key in ("side", "layer"))
    return {
        "sides": None if sides == all_sides else sorted(sides),
        "layers": None if layers == all_layers or None in layers else sorted(layers),
    }
