"""What is said of a split and can only be meant of its tasks, said of each of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hydra.core.override_parser.overrides_parser import OverridesParser
from omegaconf import DictConfig, OmegaConf

from deltalab.run.overrides import key_of

__all__ = ["each"]

_SIDES = ("seen", "unseen")


def each(words: Sequence[str], compose: Callable[[list[str]], DictConfig]) -> list[str]:
    """Overrides in which `task.sizes.dev=250`, under `task=split/NAME`, stands for the same of every task of the split.

    That is so for a key that all of them have and the split has not; any other word stays as it is, as does one that
    sweeps. `compose` makes a config of overrides, and raises Hydra's errors for a split that there is not.
    """
    chosen = [word for word in words if key_of(word) == "task"]
    inside = [word for word in words if word.startswith("task.")]
    if not (inside and chosen and chosen[-1].startswith("task=split/")):
        return list(words)
    split: Any = OmegaConf.to_container(compose([chosen[-1]]).task)
    if not all(isinstance(split.get(side), dict) for side in _SIDES):
        return list(words)
    found: list[str] = []
    for word in words:
        found += _told(word, split) if word in inside else [word]
    return found


def _told(word: str, split: Mapping[str, Any]) -> list[str]:
    rest = word.removeprefix("task.")
    path = key_of(rest).split(".")
    tasks = {f"{side}.{name}": task for side in _SIDES for name, task in split[side].items()}
    if path[0] in split or not all(_has(task, path) for task in tasks.values()) or _sweeps(word):
        return [word]
    return [f"task.{place}.{rest}" for place in tasks]


def _has(node: Any, path: Sequence[str]) -> bool:  # noqa: ANN401
    for key in path:
        if not isinstance(node, dict) or key not in node:
            return False
        node = node[key]
    return True


def _sweeps(word: str) -> bool:
    (read,) = OverridesParser.create().parse_overrides([word])
    return bool(read.is_sweep_override())
