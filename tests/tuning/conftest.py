"""One small task and backbones for the tests of this room."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deltalab.backbone.backbone import Backbone
from deltalab.task.builtin import make as make_task
from deltalab.task.task import Task

from ..run.support import save_model
from .support import load


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small random T5."""
    return save_model(tmp_path_factory.mktemp("model"))


@pytest.fixture
def fresh(folder: Path) -> Callable[..., Backbone]:
    """`fresh(**options)` loads the small T5 anew."""

    def loaded(**options: Any) -> Backbone:
        return load(folder, **options)

    return loaded


@pytest.fixture(scope="session")
def task() -> Task:
    """A task of short texts with two labels."""
    return make_task("movie_sentiment", {"train": 40, "dev": 20, "test": 20})
