"""IA3 against activations multiplied by hand."""

from __future__ import annotations

import pytest

from deltalab.delta.ia3 import IA3
from deltalab.delta.stack import Stack
from deltalab.errors import UserError

from .naive import CROSS, FFN, SELF, Around, Before, check, wrap

SCALED = [f"{path}.{part}" for path in SELF + CROSS for part in "kv"]


def install(model, tensors):
    for name, scale in tensors.items():
        path = name.removesuffix(".ia3")
        wrap(model, path, lambda value, scale=scale: scale * value, Before if path.endswith("wo") else Around)


@pytest.mark.parametrize("kind", ["v1.0", "v1.1"])
def test_ia3_equals_activations_multiplied_by_hand(kind, make_backbone, stock, batch):
    backbone = make_backbone(kind)
    delta = IA3().bind(backbone, "ia3")
    assert {spec.name for spec in delta.layout.specs} == {f"{p}.ia3" for p in SCALED + [f"{f}.wo" for f in FFN]}
    check(Stack(backbone), lambda: stock(kind), delta, batch, install)


def test_keys_and_values_alone_can_be_rescaled(backbone):
    delta = IA3(input_roles=()).bind(backbone, "ia3")
    assert {unit.site.path for unit in delta.units} == set(SCALED)


def test_it_starts_at_one(backbone):
    assert (IA3().bind(backbone, "ia3").layout.initial(0) == 1).all()


def test_a_role_that_is_no_linear_map_is_refused(backbone):
    with pytest.raises(UserError, match="needs a linear map"):
        IA3(output_roles=("attn",)).bind(backbone, "ia3")
