"""Solutions of any method on small random models, written and opened again."""

from __future__ import annotations

import pytest
import torch

from deltalab.delta.solution import Solution
from deltalab.interop.opened import Opened


@pytest.fixture
def opened(make_backbone):
    """`opened(method, kind)`: a solution away from theta0, on a backbone of its own."""

    def make(method, kind="v1.1", name="delta", seed=0):
        delta = method.bind(make_backbone(kind), name)
        noise = torch.randn(delta.size, generator=torch.Generator().manual_seed(seed))
        return Opened(Solution.of(delta, delta.layout.initial(seed) + 0.1 * noise, seed, {}), delta)

    return make
