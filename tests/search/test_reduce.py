"""Two processes with half of the rows each search as one with all of them."""

from __future__ import annotations

import socket

import pytest
import torch

from deltalab.packed.across import joined
from deltalab.search.reduce import spread, summed

from ..processes import two
from .ranks import KINDS, found, of_rank


@pytest.fixture(scope="module")
def halves(tmp_path_factory):
    """What each of two processes finds, by kind of search."""
    folder = tmp_path_factory.mktemp("ranks")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return two(of_rank, 2, port, folder=folder)


@pytest.mark.parametrize("kind", KINDS)
def test_two_processes_find_what_one_finds(halves, kind):
    whole = found(kind)
    assert whole["alpha"].abs().max() > 0.05
    for half in halves:
        for name in ("theta", "alpha"):
            torch.testing.assert_close(half[kind][name], whole[name], rtol=0, atol=1e-5)
        for name in ("steps", "chosen", "discrete", "soft"):
            assert half[kind]["trajectory"][name] == whole["trajectory"][name]
    for name in ("theta", "alpha"):
        assert torch.equal(halves[0][kind][name], halves[1][kind][name])


def test_alone_everything_stays_as_it_is():
    x = torch.ones(2, requires_grad=True)
    assert spread(x) is x
    assert summed(x) is x
    assert joined({1: "a"}) == {1: "a"}
