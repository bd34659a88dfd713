"""The family of a model is read from its config."""

from __future__ import annotations

import pytest

from deltalab.backbone.detect import detect, known
from deltalab.errors import UserError

EXPECTED = {
    **dict.fromkeys(("t5", "mt5"), "t5"),
    **dict.fromkeys(("llama", "mistral", "qwen2", "qwen3"), "llama"),
    **{name: name for name in ("bart", "bert", "gpt2", "roberta")},
}


def test_every_type_has_its_family():
    assert {kind: detect(kind, "here").name for kind in EXPECTED} == EXPECTED
    assert {kind for family in known() for kind in family.model_types} == set(EXPECTED)


def test_an_unknown_type_is_told_how_to_add_a_table():
    with pytest.raises(UserError, match=r"model type 'mamba'.*allowed: bart, .*backbone\.family\._target_=") as caught:
        detect("mamba", "backbone 'x'")
    assert "\n" not in str(caught.value)
