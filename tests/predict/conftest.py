"""A solution on the embedded backbone, trained with a template of its own, and its stock model."""

from __future__ import annotations

import pytest
import torch

from deltalab.backbone.families.t5 import t5
from deltalab.backbone.load import embedded
from deltalab.delta.lora import Lora
from deltalab.delta.solution import Solution
from deltalab.interop.node import settings_at
from deltalab.interop.opened import Opened

TEXTS = ["a wonderful film with a clever plot", "dull", "the actors were , once more , no good at all"]
CONFIG = {
    "backbone": settings_at("tiny"),
    "data": {
        "max_input_length": 8,
        "max_output_length": 6,
        "template": {
            "_target_": "deltalab.task.template.Template",
            "input": "{task} : {input}",
            "output": "it is {output}",
        },
    },
}


@pytest.fixture(scope="session")
def opened():
    delta = Lora(rank=2).bind(embedded("tiny", t5()), "lora")
    theta = delta.layout.initial(0) + 0.05 * torch.randn(delta.size, generator=torch.Generator().manual_seed(1))
    task = {"name": "movie", "labels": ["bad", "good", "very good indeed"]}
    return Opened(Solution.of(delta, theta, 0, {"task": task, "config": CONFIG}), delta)


@pytest.fixture(scope="session")
def folder(opened, tmp_path_factory):
    place = tmp_path_factory.mktemp("solution")
    opened.solution.save(place, opened.delta)
    return place
