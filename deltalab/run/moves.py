"""The jobs of a stage that moves in a subspace: source methods, seeds, learning rates."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

from omegaconf import DictConfig, OmegaConf

from deltalab.delta.solution import Solution, read_card
from deltalab.errors import UserError, one_of
from deltalab.packed.job import Job, patient
from deltalab.run.build import build, listed
from deltalab.run.members import Members
from deltalab.run.overrides import overridden, picked
from deltalab.run.pack import rate_of, seed_of, several
from deltalab.run.setup import make_optimizer
from deltalab.run.starts import NO_CODES, Solutions, known, start
from deltalab.run.subspaces import Found
from deltalab.subspace.mixing import UNSHARED

__all__ = ["MOVES", "moves", "refuse_before_moving", "sources"]

MOVES = ("stack", "subspace", "jobs", "task", "answerer", "optimizer")
"""What a stage that moves is given when it is built."""


def refuse_before_moving(config: DictConfig, chosen: Members) -> None:
    """Raise `UserError` for settings that nothing is moved with, and for a start that this kind of subspace has not."""
    build(config, "stage", late=MOVES)
    patient(config.stage.get("patience"))
    make_optimizer(config)
    _grid(config)
    begin = known(config.recipe.start)
    if config.subspace.path is not None:
        return
    learnt_together = chosen.maker.trained and chosen.mixture != UNSHARED
    if begin == "tasks" and not learnt_together:
        raise UserError(NO_CODES)
    if begin == "solution" and not chosen.maker.needs_solutions:
        raise UserError("recipe.start=solution: this subspace was made without solutions, and encodes none")


def moves(config: DictConfig, found: Found, solved: Solutions) -> list[Job]:
    """A job for each source method, seed and learning rate; a given `solution` stands for those `solved`."""
    chosen = sources(config, found.subspace.methods)
    if config.solution is not None:
        (source,) = chosen
        solved = {**solved, source: [Solution.load(_folder(config), found.subspace[source].delta)]}
    seeds, rates = _grid(config)
    told = len(rates) > 1 or OmegaConf.select(config, "trainer.max_steps") != 0  # else it does nothing
    return [
        Job(
            f"{source}-seed{seed}" + (f"-lr{lr:g}" if told else ""),
            found.subspace[source].delta,
            seed,
            lr,
            start(config.recipe.start, found, source, solved, seed),
        )
        for source, seed, lr in itertools.product(chosen, seeds, rates)
    ]


def _grid(config: DictConfig) -> tuple[list[int], list[float]]:
    """The seeds and the learning rates of the jobs."""
    seeds = several(config, "seed", seed_of) or [seed_of(config.seed, "seed")]
    rates = several(config, "lr", rate_of)
    clash = [word for word in overridden("optimizer.lr", "recipe.lr") if not word.endswith("=null")]
    if rates and clash:
        raise UserError(f"{clash[0]}: pack.lr lists the learning rates; give one of the two")
    return seeds, rates or [rate_of(config.optimizer.lr, "optimizer.lr")]


def sources(config: DictConfig, methods: Sequence[str]) -> list[str]:
    """The source methods: that of `solution` or `delta`, those of `pack.delta`, or, where none is picked, all."""
    given, typed = listed(config.pack.delta), overridden("delta")
    if given is not None and typed:
        raise UserError(f"{typed[0]}: pack.delta lists the source methods; give one of the two")
    if given == []:
        raise UserError("pack.delta=[]: name at least one source method")
    if given is None and (option := picked("delta")):
        given = [option]
    if config.solution is not None:
        own = [read_card(_folder(config))["delta"]["name"]]
        if given and given != own:
            raise UserError(f"delta={','.join(map(str, given))}: solution={config.solution} is one of {own[0]}")
        given = own
    chosen = list(methods) if given is None else given
    for source in chosen:
        one_of("source method", source, methods, "delta")
    return list(dict.fromkeys(chosen))


def _folder(config: DictConfig) -> Path:
    if config.recipe.start != "solution":
        raise UserError(f"solution={config.solution}: recipe.start={config.recipe.start} starts from none")
    return Path(str(config.solution)).expanduser()
