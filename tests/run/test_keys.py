"""A key that a config lacks, against what the config has at that place."""

from __future__ import annotations

import pytest
from hydra.errors import ConfigCompositionException
from omegaconf import OmegaConf

from deltalab.run.keys import no_such_key, refused_key

CONFIG = OmegaConf.create({"task": {"sizes": {"dev": 3}, "_target_": "x"}, "seed": 1, "hydra": {}})


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("sed", "train: unknown key 'sed'; did you mean seed? allowed: seed, task"),
        ("task.size", "task: unknown key 'size'; did you mean sizes? allowed: sizes"),
        ("task.sizes.dve", "task.sizes: unknown key 'dve'; did you mean dev? allowed: dev"),
        ("seed.low", "seed.low: seed is a single value, without keys"),
        ("task.sizes.dev", "task.sizes.dev: cannot be given"),
    ],
)
def test_what_stands_at_its_place(key, said):
    assert no_such_key(key, CONFIG, "train") == said


def test_the_key_is_read_from_what_hydra_says():
    said = "Could not override 'task.size'.\nKey 'size' is not in struct"
    assert refused_key(ConfigCompositionException(said)) == "task.size"
    assert refused_key(ConfigCompositionException("something else")) is None
    assert refused_key(ValueError(said)) is None
