"""Whether two runs found the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

__all__ = ["same_runs"]

_OWN = ("config", "seconds", "seconds_search", "seconds_retrain", "peak_memory_mb", "revision", "origin", "chip")


def same_runs(mine: Path, other: Path, tolerance: float = 1e-5) -> None:
    """Assert that two folders hold the same record and the same tensors, numbers to a tolerance."""
    _same(*(json.loads((folder / "record.json").read_text()) for folder in (mine, other)), tolerance)
    found, tensors = (sorted(path.relative_to(one) for path in one.rglob("*.safetensors")) for one in (mine, other))
    assert found == tensors
    for path in tensors:
        a, b = load_file(mine / path), load_file(other / path)
        assert a.keys() == b.keys()
        for key in b:
            torch.testing.assert_close(a[key], b[key], rtol=0, atol=tolerance)


def _same(mine: Any, other: Any, tolerance: float) -> None:
    if isinstance(other, dict):
        assert mine.keys() == other.keys()
        for key in other.keys() - set(_OWN):
            _same(mine[key], other[key], tolerance)
    elif isinstance(other, list):
        assert len(mine) == len(other)
        for a, b in zip(mine, other, strict=True):
            _same(a, b, tolerance)
    elif isinstance(other, float):
        assert mine == pytest.approx(other, abs=tolerance)
    else:
        assert mine == other
