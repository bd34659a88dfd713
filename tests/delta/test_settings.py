"""Methods as settings and back."""

from __future__ import annotations

import dataclasses

import pytest
import yaml

from deltalab.delta.lora import Lora
from deltalab.delta.settings import make, settings
from deltalab.errors import UserError

from .helpers import MEMBERS, method


def test_settings_are_the_arguments_in_plain_types():
    assert settings(Lora(rank=2, roles=("attn.q",), layers=(0, 1), lr=5.0)) == {
        "_target_": "deltalab.delta.lora.Lora",
        "rank": 2,
        "alpha": 16.0,
        "dropout": 0.0,
        "roles": ["attn.q"],
        "sides": None,
        "layers": [0, 1],
        "start": "standard",
    }


@pytest.mark.parametrize("name", MEMBERS)
def test_every_method_survives_a_file_but_for_its_learning_rate(name, backbone):
    before = method(name)
    after = make(yaml.safe_load(yaml.safe_dump(settings(before))))
    assert type(after) is type(before)
    assert after.bind(backbone, name).layout.fingerprint == before.bind(backbone, name).layout.fingerprint
    for field in dataclasses.fields(before):
        found, expected = getattr(after, field.name), getattr(before, field.name)
        if field.name == "lr":
            assert found == field.default
        elif not isinstance(expected, str) and hasattr(expected, "__len__"):
            assert list(found) == list(expected)
        else:
            assert found == expected


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ({}, "_target_=None: "),
        ({"_target_": "deltalab.delta.lore.Lora"}, "_target_=deltalab.delta.lore.Lora: No module named "),
        ({"_target_": "deltalab.delta.lora.Lore"}, "_target_=deltalab.delta.lora.Lore: "),
        ({"_target_": "deltalab.delta.lora"}, "_target_=deltalab.delta.lora: no delta method"),
        ({"_target_": "os.getcwd"}, "_target_=os.getcwd: code of 'os' is not run; allowed: "),
        ({"_target_": "deltalab.delta.method.Method"}, "_target_=deltalab.delta.method.Method: "),
        ({"_target_": "deltalab.delta.lora.Lora", "rang": 1}, "unexpected keyword argument 'rang'"),
        ({"_target_": "deltalab.delta.lora.Lora", "rank": "one"}, "_target_=deltalab.delta.lora.Lora: "),
        ({"_target_": "deltalab.delta.lora.Lora", "rank": 0}, "delta.rank=0: must be at least 1"),
    ],
)
def test_settings_of_no_method_are_refused_in_one_line(given, line):
    with pytest.raises(UserError, match=line) as caught:
        make(given)
    assert "\n" not in str(caught.value)
