"""Structures averaged, compared and carried over."""

from __future__ import annotations

import pytest
import torch

from deltalab.delta.bitfit import BitFit
from deltalab.delta.candidates import Candidates, UnitName
from deltalab.delta.chosen import Chosen
from deltalab.errors import UserError
from deltalab.search.structure import Structure, average, diff, mapped

from .structures import BIAS, SHAPE, bare, space, structure


def test_a_difference_parts_the_units_of_two_structures():
    found = diff(structure({0: 0.5, 1: 0.5, 3: 0.1}), structure({3: 0.9, 2: 0.5, 0: 0.5}))
    assert [[name.layer for name in names] for names in found] == [[1], [2], [0, 3]]


@pytest.mark.parametrize(
    ("other", "line"),
    [
        (structure({0: 0.5}, layers={"encoder": 12}), "different backbones: layers {'encoder': 4} and {'encoder': 12}"),
        (structure({0: 0.5}, widths={"attn": 9}), "different backbones: widths"),
        (structure({0: 0.5}, family="bart"), "different backbones: family t5 and bart"),
        (structure({0: 0.5})._replace(methods={"bias": {**BIAS, "scale": 2.0}}), "different methods: 'bias' is"),
    ],
)
def test_structures_that_do_not_compare_are_refused(other, line):
    for work in (average, lambda both: diff(*both)):
        with pytest.raises(UserError, match=line):
            work([structure({0: 0.5}), other])


def test_structures_of_one_shape_compare_whatever_the_weights():
    assert diff(structure({0: 0.5}), structure({0: 0.5}, source="two")).both


@pytest.mark.parametrize(("here", "there"), [(4, 4), (4, 8), (8, 4), (3, 5), (6, 1), (1, 3)])
def test_a_structure_of_all_units_is_again_all_units(here, there):
    source, target = bare(here), bare(there)
    found = mapped(Structure.of(space(source), range(len(space(source).members))), target)
    assert found.names == tuple(member.name for member in space(target).members)
    assert found.cost == space(target).delta.size


@pytest.mark.parametrize(
    ("here", "there", "taken"),
    [
        (4, 4, [0, 1, 2, 3]),
        (4, 7, [0, 1, 1, 2, 2, 3, 3]),  # depths 0, 1/2, 1, 3/2 ... of 3: halves are rounded up
        (7, 4, [0, 2, 4, 6]),
        (5, 3, [0, 2, 4]),
        (3, 6, [0, 0, 1, 1, 2, 2]),
        (3, 1, [0]),
    ],
)
def test_a_layer_takes_what_its_relative_depth_had(here, there, taken):
    source, target = bare(here), bare(there)
    members = space(source).members
    for layer in range(here):
        chosen = [i for i, member in enumerate(members) if member.name.layer == layer or member.name.layer is None]
        p = torch.linspace(0.1, 0.9, len(members))
        before = Structure.of(space(source), chosen, p)
        found = mapped(before, target)
        assert {name.layer for name in found.names} - {None} == {i for i, old in enumerate(taken) if old == layer}
        known = {unit.name: unit.p for unit in before.units}
        for unit in found.units:
            old = unit.name if unit.name.layer is None else unit.name._replace(layer=layer)
            assert unit.p == pytest.approx(known[old], rel=1e-5)


def test_each_side_is_mapped_by_its_own_depth():
    source, target = bare(6, decoder=2), bare(3, decoder=3)
    members = space(source).members
    last = [i for i, member in enumerate(members) if (member.name.side, member.name.layer) == ("decoder", 1)]
    found = mapped(Structure.of(space(source), last), target)
    assert {(name.side, name.layer) for name in found.names} == {("decoder", 1), ("decoder", 2)}  # 1/2 is rounded up


def test_a_mapped_structure_fits_its_backbone_and_has_its_costs():
    wide, deep = bare(2), bare(6, feed_forward_proj="gated-gelu")
    found = mapped(Structure.of(space(wide), range(len(space(wide).members))), deep)
    assert found.backbone["layers"] == {"encoder": 6, "decoder": 6}
    assert found.provenance["mapped_from"]["source"] == "2 layers"
    positions = found.positions(space(deep))
    assert [int(space(deep).costs[i]) for i in positions] == [unit.cost for unit in found.units]
    assert not any(name.part for name in found.names)  # the source had one inner map a layer


def test_a_restriction_to_layers_is_lifted():
    methods = {"bias": BitFit(roles=("ffn.out",), layers=(3,))}
    source = bare(4)
    before = Structure.of(Candidates.of(methods, source), [0, 1])
    assert [(name.side, name.layer) for name in mapped(before, bare(2)).names] == [("encoder", 1), ("decoder", 1)]


def test_nothing_left_on_the_other_backbone_is_refused():
    second = UnitName("bias", "ffn.in", "encoder", 0, 1)
    only = Structure({**SHAPE, "layers": {"encoder": 2, "decoder": 2}}, {"bias": BIAS}, (Chosen(second, 0.5, 9),), {})
    with pytest.raises(UserError, match="none is chosen"):
        mapped(only, bare(3))
