"""The small model that the program is run on."""

from __future__ import annotations

from pathlib import Path

import pytest

from .stages import MOVED, Watched, watched
from .support import save_model


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small random T5."""
    return save_model(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that the tests of one file share."""
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="module")
def moved(model: Path, store: Path, tmp_path_factory: pytest.TempPathFactory) -> Watched:
    """A run of stage=optimize that finds nothing in the store."""
    return watched(*MOVED, f"store.root={store}", folder=tmp_path_factory.mktemp("moved"), model=model)
