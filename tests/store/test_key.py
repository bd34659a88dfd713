"""Keys against SHA-256 of JSON written out by hand."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
import torch

from deltalab.store.key import canonical, content_key


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        ({}, "{}"),
        ({"b": 1, "a": "x"}, '{"a":"x","b":1}'),
        ({"lr": 1e-3, "on": True, "none": None}, '{"lr":0.001,"none":null,"on":true}'),
        ({"nested": {"z": [1, (2.5, "é")], "a": {}}}, '{"nested":{"a":{},"z":[1,[2.5,"\\u00e9"]]}}'),
        ({"tiny": 1e-30, "third": 1 / 3}, '{"third":0.3333333333333333,"tiny":1e-30}'),
    ],
)
def test_the_key_begins_the_hash_of_canonical_json(facts, text):
    assert canonical(facts) == text
    assert content_key(facts) == hashlib.sha256(text.encode()).hexdigest()[:16]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ({"lr": 1e-3}, {"lr": 0.001}),
        ({"lr": np.float64(0.001)}, {"lr": 0.001}),
        ({"methods": ("lora", "prefix")}, {"methods": ["lora", "prefix"]}),
    ],
)
def test_the_same_facts_have_one_key(one, other):
    assert content_key(one) == content_key(other)


def test_different_facts_have_different_keys():
    different = [
        {},
        {"a": 1},
        {"a": 1.0},
        {"a": "1"},
        {"a": True},
        {"a": None},
        {"a": [1]},
        {"a": [[1]]},
        {"a": {"1": 1}},
        {"b": 1},
        {"a": 1, "b": None},
        {"a": 0.1 + 0.2},
        {"a": 0.3},
    ]
    assert len({content_key(facts) for facts in different}) == len(different)


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"out": Path("here")}, r"^facts\.out: JSON does not know PosixPath$"),
        ({"task": {"rows": [1, 2, {3}]}}, r"^facts\.task\.rows\[2\]: JSON does not know set$"),
        ({"theta": (torch.zeros(2),)}, r"^facts\.theta\[0\]: JSON does not know Tensor$"),
        ({"size": np.int64(3)}, r"^facts\.size: JSON does not know int64$"),
        ({"a": {"loss": float("nan")}}, r"^facts\.a\.loss: JSON does not know nan$"),
        ({"loss": float("-inf")}, r"^facts\.loss: JSON does not know -inf$"),
        ({"seeds": {1: 2}}, r"^facts\.seeds: the key 1 is int, but JSON knows text only$"),
    ],
)
def test_what_json_does_not_know_is_refused_by_place(facts, message):
    with pytest.raises(TypeError, match=message):
        content_key(facts)
