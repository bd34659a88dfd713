"""Composing once gives what Hydra gives, however often it is asked for."""

from __future__ import annotations

import pytest
from hydra import compose, initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from hydra.errors import HydraException
from omegaconf import open_dict

from deltalab.run.composed import composed

from .support import composed as inside_hydra

WORDS = ["stage=approximate", "subspace=d4", "data.batch_size=3"]


def test_a_config_is_what_hydra_composes_and_each_is_a_copy():
    with inside_hydra():
        expected = compose("train", overrides=WORDS)
        first = composed("train", WORDS)
        with open_dict(first):
            first.data.batch_size, first.more = 7, 1
        again = composed("train", WORDS)
        assert again == expected != first
        with pytest.raises(Exception, match="more"):
            again.more = 1  # keys are as closed as Hydra leaves them
        assert composed("train", WORDS[:2]) == compose("train", overrides=WORDS[:2])
        assert composed(None, ["+delta=lora"]) == compose(overrides=["+delta=lora"])


def test_another_folder_has_configs_of_its_own(tmp_path):
    (tmp_path / "train.yaml").write_text("mine: 1\n")
    with inside_hydra():
        assert "mine" not in composed("train", [])
    GlobalHydra.instance().clear()
    with initialize_config_dir(str(tmp_path), version_base="1.3"):
        assert composed("train", ["mine=2"]) == {"mine": 2}


def test_a_mistake_is_told_every_time():
    with inside_hydra():
        for _ in range(2):
            with pytest.raises(HydraException, match="nosuch"):
                composed("train", ["nosuch=1"])
