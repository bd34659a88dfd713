"""Codes of solved tasks: encoded, held to decode to the solutions again, and mixed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate, combinations
from typing import final

import torch
from torch import Tensor

from deltalab.errors import one_of
from deltalab.subspace.codes import Codes, Drawn, Places
from deltalab.subspace.down import Down
from deltalab.subspace.mixing import MIXINGS, UNSHARED, fixed_points, mixing
from deltalab.subspace.reconstruction import relative_error
from deltalab.subspace.solved import Solved
from deltalab.subspace.subspace import Projector, Subspace
from deltalab.subspace.up import Up

__all__ = ["Encoded", "vertices"]


@torch.no_grad()
def vertices(subspace: Subspace, solved: Solved) -> Tensor:
    """The code of every method's solutions of a task, averaged over them: (M, d)."""
    return torch.stack([subspace[name].code(solved.steps[name]).mean(0) for name in subspace.methods])


def _decoded(up: Up, own: Tensor, mixed: Tensor | None) -> tuple[Tensor, Tensor]:
    """The steps (T, D) of a method's own codes and the thetas (T, D) of the mixed ones, without these of its own."""
    if mixed is None:
        back = step = up.step(own)
    else:
        back, step = up.step(torch.cat([own, mixed])).chunk(2)
    return back, up.theta0 + step


@final
@dataclass(frozen=True)
class _Held:
    """All solutions of a method, where its projector is: v (S, D), what codes are a function of, and how many are of
    each task."""

    down: Down
    steps: Tensor
    inputs: Tensor
    counts: Sequence[int]

    @classmethod
    @torch.no_grad()
    def of(cls, projector: Projector, steps: Sequence[Tensor]) -> _Held:
        """The solutions of all tasks; `UserError` where the projector has no way down."""
        v = torch.cat(list(steps)).to(projector.up.theta0.device)
        projector.code(v[:1])  # refuses
        assert projector.down is not None
        return cls(projector.down, v, projector.down.coordinates(v), [len(one) for one in steps])

    def drawn(self, picks: Sequence[int]) -> tuple[Tensor, Tensor]:
        """Steps (T, D) and inputs (T, ...) of one solution of each task."""
        if len(self.steps) == len(picks):  # there is but one of each
            return self.steps, self.inputs
        first = [0, *accumulate(self.counts)]
        at = torch.tensor([start + pick for start, pick in zip(first, picks, strict=False)], device=self.steps.device)
        return self.steps[at], self.inputs[at]


@final
class Encoded(Codes):
    """z_tm = down_m(v_tm) of one solution of each task and method a step, and as loss the mean over tasks of
    sum_m ||v_tm - up_m(z_tm)||.

    Every method decodes the mixture sum_m w_m z_tm, and is judged at the vertices, one a method, and the "centroid" of
    the simplex of mixtures. With the mixture "unshared" every method decodes the code of its own solution, and is
    judged at its own vertex: subspaces side by side. `chance` draws solutions and weights. Raises `UserError` for an
    unknown mixture. Source: Unified-DeltaTuning, arXiv 2210.13311.
    """

    def __init__(
        self,
        solved: Sequence[Solved],
        reconstruct: Callable[[Tensor, Tensor], Tensor],
        mixture: str,
        chance: torch.Generator,
    ) -> None:
        super().__init__()
        one_of("mixture", mixture, (*MIXINGS, UNSHARED), "subspace.mixture")
        self.solved, self.reconstruct, self.mixture, self.chance = tuple(solved), reconstruct, mixture, chance
        self._held: dict[str, _Held] = {}

    def draw(self, subspace: Subspace) -> Drawn:
        """Solutions, then weights, from `chance`."""
        v, codes = self._solutions(subspace)
        mixed = None if self.mixture == UNSHARED else self._mixed(list(codes.values()))
        thetas, lost, log = {}, [], {}
        for name, own in codes.items():
            back, thetas[name] = _decoded(subspace[name].up, own, mixed)
            lost.append(self.reconstruct(v[name], back).mean())
            log[f"relative_error/{name}"] = relative_error(v[name], back).mean().detach()
        total = torch.stack(lost)
        return Drawn(thetas, total.sum(), {**log, "reconstruction": total.mean().detach()})

    def points(self, subspace: Subspace, t: int) -> Places:
        """Every vertex and the centroid; unshared, every method at its own vertex alone."""
        methods, corners = subspace.methods, vertices(subspace, self.solved[t])
        if self.mixture == UNSHARED:
            return {name: {name: z} for name, z in zip(methods, corners, strict=True)}
        mixed = (fixed_points(len(methods)).to(corners)[..., None] * corners).sum(1)
        named = dict(zip((*methods, "centroid"), mixed, strict=True))
        return {name: named for name in methods}

    def start(self, subspace: Subspace, t: int) -> Tensor | None:
        """The centroid."""
        return None if self.mixture == UNSHARED else self.points(subspace, t)[subspace.methods[0]]["centroid"]

    def measures(self, subspace: Subspace) -> dict[str, dict[str, float]]:
        return {"distance": self._distances(subspace), "relative_error": self._relative_errors(subspace)}

    def _mixed(self, codes: Sequence[Tensor]) -> Tensor:
        """One mixture a task (T, d) of the methods' codes, each (T, d)."""
        weights = mixing(self.mixture, len(self.solved), len(codes), self.chance).to(codes[0].device)
        return (weights.T[..., None] * torch.stack(list(codes))).sum(0)

    def _solutions(self, subspace: Subspace) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
        """v (T, D) by method and their codes (T, d), one solution of each task drawn at random."""
        steps, codes = {}, {}
        for name in subspace.methods:
            held = self._held.get(name)
            if held is None or held.steps.device != subspace[name].up.theta0.device:
                held = self._held[name] = _Held.of(subspace[name], [one.steps[name] for one in self.solved])
            picks = [int(torch.randint(count, (), generator=self.chance)) for count in held.counts]
            steps[name], inputs = held.drawn(picks)
            codes[name] = held.down.code(inputs)
        return steps, codes

    def _distances(self, subspace: Subspace) -> dict[str, float]:
        """Mean distance over tasks between the codes of every two methods."""
        codes = torch.stack([vertices(subspace, one) for one in self.solved])
        apart = torch.cdist(codes, codes).mean(0)
        pairs = combinations(enumerate(subspace.methods), 2)
        return {f"{a}-{b}": apart[i, j].item() for (i, a), (j, b) in pairs}

    @torch.no_grad()
    def _relative_errors(self, subspace: Subspace) -> dict[str, float]:
        """||v - up(down(v))|| / ||v|| of each method, the mean over all its solutions."""
        found = {}
        for name in subspace.methods:
            up = subspace[name].up
            v = torch.cat([one.steps[name] for one in self.solved]).to(up.theta0.device)
            found[name] = relative_error(v, up.step(subspace[name].code(v))).mean().item()
        return found
