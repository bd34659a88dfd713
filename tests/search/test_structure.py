"""Structures averaged, compared and carried over."""

from __future__ import annotations

from itertools import permutations

import pytest
import torch

from deltalab.delta.bitfit import BitFit
from deltalab.delta.candidates import Candidates, UnitName
from deltalab.delta.chosen import Chosen
from deltalab.errors import UserError
from deltalab.search.structure import Structure, average, diff, mapped

from .structures import BIAS, SHAPE, bare, layers, space, structure


def test_an_average_ranks_by_mean_p_and_fills_the_mean_cost():
    runs = [structure({0: 0.9, 1: 0.8}), structure({0: 0.6, 2: 0.9}), structure({1: 0.5, 2: 0.1, 3: 0.3, 0: 0.3})]
    found = average(runs)  # mean p 0.6, 0.4333, 0.3333, 0.1; mean cost 80 / 3: two units fit
    assert layers(found) == pytest.approx({0: 0.6, 1: 1.3 / 3}, rel=1e-5)
    assert found.cost == 20
    assert found.provenance == {"average_of": [{"seed": 2}, {"seed": 2}, {"seed": 4}]}


def test_an_average_fills_a_given_budget_and_passes_over_what_does_not_fit():
    runs = [structure({0: (0.9, 10), 1: (0.8, 100), 2: (0.1, 5)}), structure({0: (0.9, 10)})]
    assert layers(average(runs, 20)) == pytest.approx({0: 0.9, 2: 0.05})
    assert layers(average(runs, 115)) == pytest.approx({0: 0.9, 1: 0.4, 2: 0.05})
    with pytest.raises(UserError, match=r"^budget=4: no unit fits; the smallest has 5 numbers"):
        average(runs, 4)


def test_an_average_does_not_depend_on_the_order_of_the_structures():
    runs = [structure({0: 0.5, 1: 0.5, 3: 0.1}), structure({2: 0.5, 1: 0.1}), structure({3: 0.9})]
    found = {average([runs[i] for i in order])._replace(provenance={}).units for order in permutations(range(3))}
    assert len(found) == 1


def test_the_average_of_one_structure_is_itself():
    one = structure({0: 0.5, 2: 0.25})
    assert average([one])._replace(provenance=one.provenance) == one
    assert average([one, one, one]).units == one.units


def test_an_average_keeps_the_methods_it_uses_alone():
    other = structure({1: 0.9})
    lora = {"_target_": "deltalab.delta.lora.Lora"}
    weak = Chosen(UnitName("lora", "attn.q", "encoder", 0), 0.1, 10)
    mixed = other._replace(methods={"lora": lora, "bias": BIAS}, units=(weak, *other.units))
    assert average([other, mixed], 10).methods == {"bias": BIAS}
    assert average([other, mixed], 20).methods == {"bias": BIAS, "lora": lora}


@pytest.mark.parametrize(
    ("first", "second", "both"),
    [
        ({"roles": ["attn.q"]}, {"roles": ["attn.q", "ffn.in"]}, {"roles": ["attn.q", "ffn.in"]}),
        ({"layers": [0, 2]}, {"layers": None}, {"layers": None}),
        ({"sides": ["encoder"]}, {"sides": ["decoder"]}, {"sides": ["encoder", "decoder"]}),
    ],
)
def test_an_average_reaches_as_far_as_all_of_them(first, second, both):
    one, other = structure({0: 0.5}), structure({2: 0.25})
    one = one._replace(methods={"bias": {**BIAS, **first}})
    other = other._replace(methods={"bias": {**BIAS, **second}})
    assert average([one, other], 1000).methods == {"bias": {**BIAS, **both}}
    assert [[name.layer for name in names] for names in diff(one, other)] == [[0], [2], []]


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
