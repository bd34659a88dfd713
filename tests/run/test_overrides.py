"""Words of a command line, against Hydra's own reading of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser

from deltalab.run.overrides import below, key_of, quoted


@pytest.mark.parametrize(
    "name",
    ["plain", "two words", "it's", "a,b", "a=b", "{x}", "$x", "[0]", 'say "so"', "back\\slash", "it\\'s", "end\\"],
)
def test_hydra_reads_a_quoted_path_as_it_is(name: str) -> None:
    (read,) = OverridesParser.create().parse_overrides([f"output_dir={quoted(Path('/some') / name)}"])
    assert read.value() == f"/some/{name}"


@pytest.mark.parametrize("word", ["task.limit.dev=3", "+task.limit.dev=3", "++task.limit.dev=[1]", "~task.limit.dev"])
def test_the_key_is_that_of_hydra(word: str) -> None:
    (read,) = OverridesParser.create().parse_overrides([word])
    assert key_of(word) == read.key_or_group == "task.limit.dev"


def test_below_a_key_is_the_key_itself_and_what_is_inside_it() -> None:
    words = ["delta=lora", "delta.rank=4", "+delta.x=1", "deltas=2", "pack.delta=[lora]"]
    assert [word for word in words if below(word, ["delta"])] == words[:3]
