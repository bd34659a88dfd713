"""Which jobs a config asks for: one, or all combinations of the deltas, seeds and learning rates of a pack."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any, TypeVar

from hydra.core.global_hydra import GlobalHydra
from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig
from torch import Tensor

from deltalab.backbone.backbone import Backbone
from deltalab.delta.frozen import Frozen
from deltalab.delta.method import Delta, Method
from deltalab.delta.solution import Solution
from deltalab.errors import UserError, one_of, unknown
from deltalab.packed.job import Job
from deltalab.run.build import build, listed, whole
from deltalab.run.composed import composed
from deltalab.run.naming import refuse_name
from deltalab.run.overrides import overridden

__all__ = [
    "jobs",
    "methods",
    "rate_of",
    "refuse_delta_beside_pack",
    "seed_of",
    "several",
]

T = TypeVar("T")

_KEYS = ("seed", "lr", "delta")


def methods(config: DictConfig) -> dict[str, Method]:
    """The methods to tune by name: the `delta` group, or every entry of `pack.delta`.

    An entry is a name (`lora`) or a name with options (`{lora: {rank: 4}}`); equal names are numbered.
    """
    for key in config.pack:
        one_of("key", key, _KEYS, "pack")
    refuse_name(config.name)
    if config.pack.lr is not None and config.optimizer.lr is not None:
        raise UserError(f"optimizer.lr={config.optimizer.lr}: pack.lr lists the learning rates; give one of the two")
    entries = listed(config.pack.delta)
    if entries is None:
        with _told_of("delta"):
            return {config.name: build(config, "delta")}
    if not entries:
        raise UserError("pack.delta=[]: name at least one delta")
    found: dict[str, Method] = {}
    for entry in entries:
        name, options = _entry(entry)
        repeats = sum(known.split("-")[0] == name for known in found)
        numbered = f"{name}-{repeats + 1}" if repeats else name
        with _told_of(f"pack.delta.{numbered}"):
            found[numbered] = _composed(name, options)
    return found


def jobs(config: DictConfig, backbone: Backbone, chosen: Mapping[str, Method], option: str | None = None) -> list[Job]:
    """Every combination of method, seed and learning rate; a method without numbers of its own runs once.

    `option` is what the group `delta` was set to; None: what it is on the command line.
    """
    seeds = several(config, "seed", seed_of) or [seed_of(config.seed, "seed")]
    rates = several(config, "lr", rate_of)
    if not rates and config.optimizer.lr is not None:
        rates = [rate_of(config.optimizer.lr, "optimizer.lr")]
    result = []
    for name, method in chosen.items():
        alone = config.pack.delta is None
        where = "delta" if alone else f"pack.delta.{name}"
        # The run may have any name; the delta keeps that of its option.
        kind = option or (HydraConfig.get().runtime.choices["delta"] if alone and HydraConfig.initialized() else name)
        delta = _bound(method, backbone, kind, where)
        grid = [(seeds[0], 0.0)]
        if delta.size:
            grid = list(product(seeds, rates or [rate_of(method.lr, f"{where}.lr")]))
        for seed, lr in grid:
            marks = [f"seed{seed}"] * (delta.size > 0 and len(seeds) > 1) + [f"lr{lr:g}"] * (len(grid) > len(seeds))
            start, origin = _start(config, delta, seed)
            result.append(Job("-".join([name, *marks]), delta, seed, lr, start, origin))
    # Whole models run a pass each: standing last they do not cut the others' pass in two.
    return sorted(result, key=lambda job: job.delta.replaces_weights)


def refuse_delta_beside_pack(config: DictConfig) -> None:
    """Raise `UserError` where the command line sets the delta in two places."""
    given = overridden("delta")
    if config.pack.delta is not None and given:
        raise UserError(f"{given[0]}: with pack.delta, options go inside it, as in pack.delta=[{{lora: {{rank: 4}}}}]")


def seed_of(value: Any, key: str) -> int:  # noqa: ANN401
    """A seed that every generator of random numbers takes."""
    return whole(value, key, most=2**32 - 1)


@contextmanager
def _told_of(where: str) -> Iterator[None]:
    """Name the key that the user typed in what is wrong with a method: `where` for "delta"."""
    try:
        yield
    except UserError as error:
        text = str(error)
        raise UserError(where + text[5:] if text.startswith(("delta.", "delta:")) else f"{where}: {text}") from error


def _bound(method: Method, backbone: Backbone, name: str, where: str) -> Delta:
    with _told_of(where):
        delta = method.bind(backbone, name)
        if not delta.size and not isinstance(method, Frozen):
            raise UserError("tunes nothing with these options; delta=frozen does so on purpose")
        return delta


def several(config: DictConfig, key: str, read: Callable[[Any, str], T]) -> list[T]:
    """The values of a key of the pack, each but once; none where the key is null."""
    values = listed(config.pack[key])
    if values is None:
        return []
    found = [read(value, f"pack.{key}") for value in values]
    if not found or len(set(found)) < len(found):
        raise UserError(f"pack.{key}={values}: name at least one value, and none of them twice")
    return found


def _entry(entry: Any) -> tuple[str, Mapping[str, Any]]:  # noqa: ANN401
    if isinstance(entry, str):
        return entry, {}
    if isinstance(entry, dict) and len(entry) == 1 and isinstance(next(iter(entry.values())), dict):
        return next(iter(entry.items()))
    raise UserError(f"pack.delta={entry}: an entry is a name, or a name with options such as {{lora: {{rank: 4}}}}")


def _composed(name: str, options: Mapping[str, Any]) -> Method:
    available = GlobalHydra.instance().config_loader().get_group_options("delta")
    one_of("option", name, available, "delta")
    node = composed(None, [f"+delta={name}"])
    for key, value in options.items():
        if key not in node.delta.keys():  # noqa: SIM118 - a key without a value yet is not "in" it
            raise unknown("key", key, [str(k) for k in node.delta if k != "_target_"], "delta")
        node.delta[key] = value
    return build(node, "delta")


def rate_of(value: Any, key: str) -> float:  # noqa: ANN401
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < math.inf:
        raise UserError(f"{key}={value}: a learning rate is a number above 0")
    return float(value)


def _start(config: DictConfig, delta: Delta, seed: int) -> tuple[Tensor, int]:
    """Where a job starts, and the seed of the theta0 that it counts from: that of a given solution, if there is one."""
    given = seed if config.theta0_seed is None else seed_of(config.theta0_seed, "theta0_seed")
    if config.solution is None or not delta.size:
        return delta.layout.initial(given), given
    solution = Solution.load(Path(str(config.solution)).expanduser(), delta)
    if config.theta0_seed is not None and given != solution.card["seed"]:
        raise UserError(f"theta0_seed={given}: solution {config.solution} starts from theta0 {solution.card['seed']}")
    return solution.theta, solution.card["seed"]
