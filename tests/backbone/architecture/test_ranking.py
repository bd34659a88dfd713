"""Labels ranked in blocks, against the sum of their tokens' log-probabilities."""

from __future__ import annotations

import pytest
import torch
from transformers import DynamicCache

from deltalab.backbone.architecture import ranking
from deltalab.backbone.batch import IGNORED

LABELS = torch.tensor([[7, 9, 1], [5, 1, IGNORED], [8, 6, 1], [7, 1, IGNORED]])


@pytest.mark.parametrize(("at_once", "sizes"), [(2**25, [4]), (3 * 2 * 2 * 40, [3, 1]), (1, [1, 1, 1, 1])])
def test_blocks_are_bounded_and_change_nothing(monkeypatch, at_once, sizes):
    monkeypatch.setattr(ranking, "_SCORED_AT_ONCE", at_once)
    generator = torch.Generator().manual_seed(0)
    first, after = torch.randn(2, 40, generator=generator), torch.randn(40, 40, generator=generator)
    seen = []

    def decode(inputs, cache, count):
        seen.append(count)
        return after[inputs]  # a model that looks at the token before alone

    scores = ranking.ranked(first, DynamicCache(), LABELS.expand(2, -1, -1), 0, decode)
    assert seen == sizes
    for row in range(2):
        for i, label in enumerate(LABELS.tolist()):
            tokens = [token for token in label if token != IGNORED]
            tables = [first[row], *(after[token] for token in tokens[:-1])]
            expected = sum(float(t.log_softmax(-1)[token]) for t, token in zip(tables, tokens, strict=True))
            assert scores[row, i].item() == pytest.approx(expected, abs=1e-5)
