"""Strategies that do not fit are refused in one line."""

from __future__ import annotations

import pytest

from deltalab.errors import UserError
from deltalab.run.setup import make_trainer
from deltalab.run.strategy import refuse_strategy

from .support import composed


@pytest.mark.parametrize("words", [[], ["+trainer.strategy=auto"], ["+trainer.strategy=ddp"]])
def test_data_parallel_training_is_allowed(words: list[str]) -> None:
    with composed(*words) as config:
        refuse_strategy(config)


@pytest.mark.parametrize(
    "given",
    [
        "fsdp",
        "deepspeed_stage_2",
        "ddp_find_unused_parameters_true",
        "{_target_: lightning.pytorch.strategies.FSDPStrategy}",
        "nonsense",
    ],
)
def test_what_shards_the_model_is_refused(given: str) -> None:
    with composed("logger=none", f"+trainer.strategy={given}") as config:
        shown = given.removeprefix("{_target_: ").removesuffix("}")
        with pytest.raises(UserError, match=rf"^trainer\.strategy={shown}: .*; allowed: auto or ddp, with trainer\."):
            make_trainer(config)
