"""Counted operations against numbers by hand, and against the counter of torch."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.utils.flop_counter import FlopCounterMode

from deltalab.search.operations import operations

X, Y = torch.ones(3, 5), torch.ones(5, 7)


@pytest.mark.parametrize(
    ("work", "count"),
    [
        (lambda: X @ Y, 2 * 3 * 5 * 7),
        (lambda: torch.bmm(X[None].expand(4, -1, -1), Y[None].expand(4, -1, -1)), 4 * 2 * 3 * 5 * 7),
        (lambda: X + 1, 15),
        (lambda: X * X + X, 30),
        (lambda: F.gelu(X, approximate="tanh"), 15),
        (lambda: X.sum(), 15),
        (lambda: X.mean(-1), 15),
        (lambda: X.softmax(-1), 15),
        (lambda: X.clone().t().contiguous().to(torch.float64), 0),
        (lambda: torch.cat([X, X]).view(-1)[None].expand(4, -1), 0),
        (lambda: None, 0),
    ],
)
def test_each_kind_of_work_counts_as_it_says(work, count):
    assert operations(work) == count


def test_nothing_is_computed_on_fake_tensors():
    with FakeTensorMode():
        large = torch.empty(10**6, 10**6)
        assert operations(lambda: large @ large) == 2 * 10**18


def test_products_are_those_of_torch():
    layer = torch.nn.Linear(6, 8, bias=False)
    with FlopCounterMode(display=False) as counter:
        layer(torch.ones(2, 4, 6)) @ torch.ones(8, 3)
    assert operations(lambda: layer(torch.ones(2, 4, 6)) @ torch.ones(8, 3)) == counter.get_total_flops()
