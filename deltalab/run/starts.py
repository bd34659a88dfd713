"""Where a code starts: drawn, the mean code of the tasks that the subspace was learnt on, or that of a solution."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import torch
from omegaconf import DictConfig
from torch import Tensor

from deltalab.delta.solution import Solution, vector_hash
from deltalab.errors import UserError, one_of
from deltalab.run.subspaces import Found

__all__ = ["NO_CODES", "Solutions", "known", "refuse_other_theta0", "start"]

NO_CODES = "recipe.start=tasks: this subspace has no codes of tasks to start from"
Solutions = Mapping[str, Sequence[Solution]]


def start(name: str, found: Found, source: str, solved: Solutions, seed: int) -> Tensor:
    """z (d,) for a source method; `UserError` for a name that is no start, or where the subspace cannot give it."""
    return _STARTS[known(name)](found, source, solved, seed)


def known(name: str) -> str:
    """The name of a start; raises `UserError` for any other."""
    one_of("start", name, _STARTS, "recipe.start")
    return name


def _random(found: Found, source: str, solved: Solutions, seed: int) -> Tensor:
    """N(0, 0.02^2), as published."""
    return 0.02 * torch.randn(found.subspace.dim, generator=torch.Generator().manual_seed(seed))


def _tasks(found: Found, source: str, solved: Solutions, seed: int) -> Tensor:
    """The mean code of the subspace's tasks."""
    if not found.codes:
        raise UserError(NO_CODES)
    return torch.stack(list(found.codes.values())).mean(0)


def refuse_other_theta0(config: DictConfig, found: Found) -> None:
    """Raise `UserError` where the solutions that codes start from would count from another theta0 than the subspace."""
    own = config.seed if config.theta0_seed is None else config.theta0_seed
    if config.recipe.start == "solution" and config.solution is None and own != found.seed:
        raise UserError(
            f"seed={own}: recipe.start=solution needs solutions from the subspace's theta0; give seed={found.seed}"
        )


@torch.no_grad()
def _solution(found: Found, source: str, solved: Solutions, seed: int) -> Tensor:
    """The mean code of the source method's own solutions of the task; `UserError` for ones from another theta0."""
    start = vector_hash(found.subspace[source].up.theta0)
    for one in solved[source]:
        if one.card["theta0"] != start:
            raise UserError(
                f"recipe.start=solution: the solution of '{source}' counts from the theta0 of seed {one.card['seed']}, "
                f"the subspace from that of seed {found.seed}; give seed={found.seed}"
            )
    return found.subspace.encode(source, torch.stack([one.theta for one in solved[source]])).mean(0)


_STARTS: dict[str, Callable[[Found, str, Solutions, int], Tensor]] = {
    "random": _random,
    "tasks": _tasks,
    "solution": _solution,
}
