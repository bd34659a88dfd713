"""Dealt rows against counts, and what they estimate against the whole."""

from __future__ import annotations

import pytest
import torch

from deltalab.backbone.batch import IGNORED, Batch
from deltalab.subspace.parted import deal

SIZES = [(1, 6, 3), (2, 7, 3), (3, 3, 3), (5, 1, 3), (4, 2, 3), (1, 1, 2), (2, 1, 4)]


@pytest.mark.parametrize(("tasks", "each", "methods"), SIZES)
def test_a_row_visits_one_method_and_any_as_often(tasks, each, methods):
    chance, times = torch.Generator().manual_seed(0), 3000
    counts = torch.zeros(tasks * each, methods)
    for _ in range(times):
        dealt = deal(tasks, each, methods, chance)
        seen = torch.zeros_like(counts)
        for m, places in enumerate(dealt.places):
            seen[places.flatten(), m] += 1
            told = dealt.tasks_of(m)
            tasks_of = torch.arange(tasks) if told is None else told
            assert torch.equal(places // each, tasks_of.unsqueeze(1).expand_as(places))
        assert seen.sum(1).max() == 1
        if each < methods:  # as many rows to one as to the next
            assert seen.sum() == tasks * each
            assert seen.sum(0).max() - seen.sum(0).min() <= 1
        counts += seen
    spread = (dealt.share * (1 - dealt.share) / times) ** 0.5
    assert (counts / times - dealt.share).abs().max() < 5 * spread
    assert dealt.visits == sum(len(places) for places in dealt.places)


@pytest.mark.parametrize(("tasks", "each", "methods"), SIZES)
def test_the_estimate_has_no_bias(tasks, each, methods):
    """Rows in order of length, the longest the hardest: what a loader gives, and what dealing in order gets wrong."""
    chance, times = torch.Generator().manual_seed(1), 4000
    n = tasks * each
    terms = torch.arange(each).repeat(tasks) + 1
    labels = torch.where(torch.arange(each) < terms.unsqueeze(1), 5, IGNORED)
    batch = Batch(torch.zeros(n, 1).long(), torch.ones(n, 1).long(), labels, torch.arange(n))
    losses = terms.unsqueeze(1) * torch.arange(1.0, methods + 1) + torch.arange(n).unsqueeze(1)
    block = terms.view(tasks, each).sum(1, keepdim=True)
    whole = (losses.T * terms).view(methods, tasks, each).sum(2) / block.T
    found = []
    for _ in range(times):
        dealt = deal(tasks, each, methods, chance)
        means = [
            (losses[one, m] * terms[one]).sum(1) / terms[one].sum(1) for m, one in enumerate(dealt.places) if len(one)
        ]
        assert torch.equal(dealt.rows(batch).rows, torch.cat([one.flatten() for one in dealt.places]))
        found.append(dealt.estimated(torch.cat(means), batch))
    got = torch.stack(found)
    error = got.std(0) / times**0.5
    assert ((got.mean(0) - whole).abs() <= 5 * error + 1e-4).all()
