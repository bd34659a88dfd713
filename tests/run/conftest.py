"""The small model that the program is run on."""

from __future__ import annotations

from pathlib import Path

import pytest

from .support import save_model


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small random T5."""
    return save_model(tmp_path_factory.mktemp("model"))
