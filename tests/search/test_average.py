"""Averages of structures."""

from __future__ import annotations

from itertools import permutations

import pytest

from deltalab.delta.candidates import UnitName
from deltalab.delta.chosen import Chosen
from deltalab.errors import UserError
from deltalab.search.average import average
from deltalab.search.structure import diff

from .structures import BIAS, layers, structure


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


def test_the_p_of_what_was_left_out_counts():
    first = structure({0: 0.9})._replace(left_out=structure({1: 0.6, 2: 0.1}).units)
    second = structure({2: 0.8})._replace(left_out=structure({0: 0.0, 1: 0.7}).units)
    found = average([first, second])  # mean p 0.45, 0.65, 0.45
    assert layers(found) == pytest.approx({1: 0.65})
    assert {unit.name.layer: unit.p for unit in found.left_out} == pytest.approx({0: 0.45, 2: 0.45})
    assert layers(average([first, second], 20)) == pytest.approx({0: 0.45, 1: 0.65})


def test_an_average_of_averages_of_all_is_the_average_of_all():
    runs = [
        structure({i: 0.9})._replace(left_out=structure({j: 0.1 * j for j in range(4) if j != i}).units)
        for i in range(4)
    ]
    whole = average(runs)
    halves = average([average(runs[:2]), average(runs[2:])])
    assert layers(halves) == pytest.approx(layers(whole), rel=1e-5)


def test_an_average_does_not_depend_on_the_order_of_the_structures():
    runs = [structure({0: 0.5, 1: 0.5, 3: 0.1}), structure({2: 0.5, 1: 0.1}), structure({3: 0.9})]
    found = {average([runs[i] for i in order])._replace(provenance={}).units for order in permutations(range(3))}
    assert len(found) == 1


def test_the_average_of_one_structure_is_itself():
    one = structure({0: 0.5, 2: 0.25})
    assert average([one])._replace(provenance=one.provenance) == one
    assert average([one, one, one]).units == one.units


def test_an_average_uses_the_methods_of_what_it_chose():
    other = structure({1: 0.9})
    lora = {"_target_": "deltalab.delta.lora.Lora"}
    weak = Chosen(UnitName("lora", "attn.q", "encoder", 0), 0.1, 10)
    mixed = other._replace(methods={"lora": lora, "bias": BIAS}, units=(weak, *other.units))
    assert average([other, mixed], 10).used == {"bias": BIAS}
    assert average([other, mixed], 20).used == {"bias": BIAS, "lora": lora}


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
