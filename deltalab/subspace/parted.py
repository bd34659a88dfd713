"""Rows dealt out to methods at random, each row to one, and what their losses say of all rows on all methods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import torch
from torch import Tensor

from deltalab.backbone.batch import Batch

__all__ = ["Deal", "deal"]


@final
@dataclass(frozen=True)
class Deal:
    """Of T equal blocks of B rows those that visit each of M methods.

    `places` holds for each method the rows (G, r) of G tasks; every row has the same chance `share` of being there.
    """

    tasks: int
    each: int
    share: float
    places: tuple[Tensor, ...]

    @property
    def visits(self) -> int:
        """How many pairs of method and task are visited."""
        return sum(map(len, self.places))

    def tasks_of(self, method: int) -> Tensor | None:
        """The tasks (G,) whose rows visit a method, None where they are all in order."""
        return None if self.each >= len(self.places) else self.places[method][:, 0] // self.each

    def rows(self, batch: Batch) -> Batch:
        """The rows that visit any, method by method and task by task."""
        return batch.take(torch.cat([one.reshape(-1) for one in self.places]).to(batch.rows.device))

    def estimated(self, losses: Tensor, batch: Batch) -> Tensor:
        """(M, T) from the mean losses (visits,) over the terms of the rows that visit, without bias that of all rows.

        A block of rows with terms n_r, of which those in V visit, has the loss
        sum_V n_r CE_r / (share * sum_r n_r), in expectation sum_r n_r CE_r / sum_r n_r; a pair without a visit has 0.
        """
        terms = batch.terms.to(losses.dtype)
        found = []
        for one, mean in zip(self.places, losses.split([len(one) for one in self.places]), strict=True):
            one = one.to(terms.device)
            tasks = one[:, 0] // self.each
            block = terms.view(self.tasks, -1).sum(1)[tasks]
            whole = mean * terms[one].sum(1) / (self.share * block)
            found.append(whole.new_zeros(self.tasks).index_add(0, tasks, whole))
        return torch.stack(found)


def deal(tasks: int, each: int, methods: int, chance: torch.Generator) -> Deal:
    """T blocks of B rows to M methods: B // M rows of each block to every method, where there are so many, and those
    that are left over to none; otherwise each row of a block to another method, and as many rows to one as to the next.
    """
    if each >= methods:
        share = each // methods
        order = torch.rand(tasks, each, generator=chance).argsort(1) + each * torch.arange(tasks).unsqueeze(1)
        return Deal(tasks, each, share / each, order[:, : share * methods].split(share, dim=1))
    offset = int(torch.randint(methods, (), generator=chance))
    order = torch.randperm(tasks, generator=chance)
    places = (order.unsqueeze(1) * each + torch.arange(each)).reshape(-1)
    return Deal(
        tasks, each, 1 / methods, tuple(places[(m - offset) % methods :: methods, None] for m in range(methods))
    )
