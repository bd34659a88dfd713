"""Which jobs a config asks for: one, or all combinations of the deltas, seeds and learning rates of a pack."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from pathlib import Path
from typing import Any

from hydra import compose
from hydra.core.global_hydra import GlobalHydra
from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig

from deltalab.backbone.backbone import Backbone
from deltalab.delta.method import Delta, Method
from deltalab.delta.solution import Solution
from deltalab.errors import UserError, unknown
from deltalab.run.build import build, listed, whole
from deltalab.tuning.job import Job

__all__ = ["jobs", "methods"]

_KEYS = ("seed", "lr", "delta")


def methods(config: DictConfig) -> dict[str, Method]:
    """The methods to tune by name: the `delta` group, or every entry of `pack.delta`.

    An entry is a name (`lora`) or a name with options (`{lora: {rank: 4}}`); equal names are numbered.
    """
    for key in config.pack:
        if key not in _KEYS:
            raise unknown("key", key, _KEYS, "pack")
    if config.pack.lr is not None and config.optimizer.lr is not None:
        raise UserError(f"optimizer.lr={config.optimizer.lr}: pack.lr lists the learning rates; give one of the two")
    entries = listed(config.pack.delta)
    if entries is None:
        return {config.name: build(config, "delta")}
    for override in HydraConfig.get().overrides.task if HydraConfig.initialized() else []:
        if override.startswith(("delta=", "delta.")):
            raise UserError(
                f"{override}: with pack.delta, options go inside it, as in pack.delta=[{{lora: {{rank: 4}}}}]"
            )
    if not entries:
        raise UserError("pack.delta=[]: name at least one delta")
    found: dict[str, Method] = {}
    for entry in entries:
        name, options = _entry(entry)
        repeats = sum(known.split("-")[0] == name for known in found)
        found[f"{name}-{repeats + 1}" if repeats else name] = _composed(name, options)
    return found


def jobs(config: DictConfig, backbone: Backbone, chosen: Mapping[str, Method]) -> list[Job]:
    """Every combination of method, seed and learning rate; a method without numbers of its own runs once."""
    seeds = [whole(seed, "pack.seed") for seed in listed(config.pack.seed) or []] or [whole(config.seed, "seed")]
    rates = [_rate(lr, "pack.lr") for lr in listed(config.pack.lr) or []]
    result = []
    for name, method in chosen.items():
        delta = method.bind(backbone, name)
        own = rates or [_rate(config.optimizer.lr, "optimizer.lr") if config.optimizer.lr is not None else method.lr]
        grid = list(product(seeds, own)) if delta.size else [(seeds[0], 0.0)]
        for seed, lr in grid:
            marks = [f"seed{seed}"] * (delta.size > 0 and len(seeds) > 1) + [f"lr{lr:g}"] * (len(grid) > len(seeds))
            start = _start(config, delta, seed)
            result.append(Job("-".join([name, *marks]), delta, seed, lr, start))
    # Whole models run a pass each: standing last they do not cut the others' pass in two.
    return sorted(result, key=lambda job: job.delta.replaces_weights)


def _entry(entry: Any) -> tuple[str, Mapping[str, Any]]:  # noqa: ANN401
    if isinstance(entry, str):
        return entry, {}
    if isinstance(entry, dict) and len(entry) == 1 and isinstance(next(iter(entry.values())), dict):
        return next(iter(entry.items()))
    raise UserError(f"pack.delta={entry}: an entry is a name, or a name with options such as {{lora: {{rank: 4}}}}")


def _composed(name: str, options: Mapping[str, Any]) -> Method:
    available = GlobalHydra.instance().config_loader().get_group_options("delta")
    if name not in available:
        raise unknown("option", name, available, "pack.delta")
    node = compose("train", overrides=[f"delta={name}"])
    for key, value in options.items():
        if key not in node.delta:
            raise unknown("key", key, [str(k) for k in node.delta if k != "_target_"], f"pack.delta.{name}")
        node.delta[key] = value
    return build(node, "delta")


def _rate(value: Any, key: str) -> float:  # noqa: ANN401
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        raise UserError(f"{key}={value}: a learning rate is a number above 0")
    return float(value)


def _start(config: DictConfig, delta: Delta, seed: int) -> Any:  # noqa: ANN401
    if config.solution is None or not delta.size:
        return delta.layout.initial(seed)
    return Solution.load(Path(str(config.solution)), delta).theta
