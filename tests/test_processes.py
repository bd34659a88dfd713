"""Two processes know each other and add up what both have; one alone is left as it is."""

from __future__ import annotations

import torch

from deltalab.processes import mean, rank, total, world

from .processes import two
from .ranks import of_rank, values


def test_two_processes_add_up_what_both_have(tmp_path):
    for place, found in enumerate(two(of_rank, tmp_path / "meet", folder=tmp_path)):
        assert found["who"].tolist() == [place, 2]
        torch.testing.assert_close(found["total"], values(0) + values(1))
        torch.testing.assert_close(found["mean"], (values(0) + values(1)) / 2)
        assert torch.equal(found["own"], values(place))
        assert int(found["whole"]) == 3
        assert not any(one.requires_grad for one in found.values())


def test_alone_everything_stays_as_it_is():
    x = torch.ones(2, requires_grad=True)
    assert (rank(), world()) == (0, 1)
    assert total(x).tolist() == mean(x).tolist() == [1, 1]
    assert not total(x).requires_grad
