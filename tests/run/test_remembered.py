"""A measured cost in its file."""

from __future__ import annotations

import json
from itertools import count
from unittest.mock import patch

import pytest
import torch

from deltalab.delta.lora import Lora
from deltalab.run.remembered import Remembered
from deltalab.search.cost import Forward
from deltalab.search.latency import Latency
from deltalab.search.space import SearchSpace

from .stages import deltas


@pytest.fixture
def measured():
    """Every measurement differs from the one before."""
    clock = count(1.0)
    with (
        patch.object(Latency, "costs", lambda cost, space: torch.full((len(space.members),), next(clock)).double()),
        patch.object(Latency, "denominator", lambda cost, backbone: 100 * next(clock)),
    ):
        yield


def test_what_was_measured_is_found_again(measured, model, tmp_path):
    backbone = deltas(model)["lora"].backbone
    space = SearchSpace({"lora": Lora(1)}).bind(backbone)
    file = tmp_path / "latency.json"
    first = Remembered(Latency(), file)
    found = first.costs(space), first.denominator(backbone)
    again = Remembered(Latency(), file)
    assert torch.equal(again.costs(space), found[0])
    assert again.denominator(backbone) == found[1] == 200.0
    assert json.loads(file.read_text())["of"]["weights"] == backbone.weight_hash
    other = Remembered(Latency(Forward(rows=3)), file)
    assert other.costs(space)[0] == 3.0
    fewer = SearchSpace({"lora": Lora(1, layers=(0,))}).bind(backbone)
    assert len(Remembered(Latency(Forward(rows=3)), file).costs(fewer)) == len(fewer.members) < len(space.members)
