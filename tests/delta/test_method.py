"""Deltas as lists of units."""

from __future__ import annotations

import pytest

from deltalab.delta.bitfit import BitFit
from deltalab.delta.ia3 import IA3
from deltalab.delta.initial import constant
from deltalab.delta.layout import Spec
from deltalab.delta.lora import Lora
from deltalab.delta.method import Delta, Unit, at_least
from deltalab.errors import UserError

from .helpers import MEMBERS, bind


def units(backbone, *named):
    """Units at the first sites of a backbone that read tensors of these names and sizes."""
    sites = backbone.sites(("attn",))
    return [
        Unit("test", site, tuple(Spec(name, (size,), constant(0.0)) for name, size in specs.items()), None)
        for site, specs in zip(sites, named, strict=False)
    ]


def test_a_shared_tensor_is_kept_and_counted_once(backbone):
    delta = Delta("test", backbone, units(backbone, {"s": 5, "a": 2}, {"b": 3, "s": 5}, {"s": 5}))
    assert [spec.name for spec in delta.layout.specs] == ["s", "a", "b"]
    assert delta.reads == ((0, 1), (2, 0), (0,))
    assert delta.unit_sizes().tolist() == [7, 3, 0]
    assert delta.size == 10


def test_two_shapes_for_a_shared_tensor_are_refused(backbone):
    with pytest.raises(ValueError, match="two shapes for the shared tensor s"):
        Delta("test", backbone, units(backbone, {"s": 5}, {"s": 4}))


@pytest.mark.parametrize("name", MEMBERS)
def test_only_full_fine_tuning_replaces_weights(name, backbone):
    assert bind(name, backbone).replaces_weights == (name == "full")


def test_bounds_name_the_argument_and_what_is_allowed():
    at_least("rank", 1, 1)
    at_least("alpha", 0.1, 0, exclusive=True)
    with pytest.raises(UserError, match=r"^delta.rank=0: must be at least 1$"):
        at_least("rank", 0, 1)
    with pytest.raises(UserError, match=r"^delta.alpha=0: must be above 0$"):
        at_least("alpha", 0, 0, exclusive=True)


@pytest.mark.parametrize("name", MEMBERS)
def test_every_unit_has_the_module_at_its_path(name, backbone):
    delta = bind(name, backbone)
    assert [id(module) for module in delta.modules] == [
        id(dict(backbone.model.named_modules())[unit.site.path]) for unit in delta.units
    ]


def test_places_list_the_units_of_a_module_by_the_way_they_act(backbone):
    place = {"sides": ["decoder"], "layers": [0]}
    methods = BitFit(("ffn.out",), **place), IA3((), **place), Lora(1, roles=("ffn.out",), **place)
    delta = Delta("test", backbone, [unit for method in methods for unit in method.units(backbone)])
    assert delta.places == ((delta.modules[0], (0, 2)), (delta.modules[0], (1,)))
