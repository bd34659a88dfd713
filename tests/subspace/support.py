"""Three deltas on the small T5, what solved tasks would give of them, and the members of `conf/subspace`."""

from __future__ import annotations

import dataclasses
from functools import cache
from pathlib import Path

import torch
from hydra import compose, initialize_config_dir
from hydra.utils import get_class, instantiate
from omegaconf import DictConfig, OmegaConf
from torch import Tensor

from deltalab.backbone.backbone import Backbone
from deltalab.delta.adapter import Adapter
from deltalab.delta.lora import Lora
from deltalab.delta.method import Delta
from deltalab.delta.prefix import Prefix
from deltalab.subspace.maker import Maker

CONF = Path(__file__).parents[2] / "conf"
MEMBERS = sorted(path.stem for path in (CONF / "subspace").glob("*.yaml"))
METHODS = {"lora": Lora(rank=2), "adapter": Adapter(size=3), "prefix": Prefix(length=2, size=4)}


@cache
def config(name: str) -> DictConfig:
    """`conf/subspace/<name>.yaml` as Hydra composes it."""
    with initialize_config_dir(str(CONF), version_base="1.3"):
        return compose(overrides=[f"+subspace={name}"]).subspace


def maker(name: str) -> Maker:
    """The maker that a member of `conf/subspace` describes; the stages read the other keys."""
    own = [field.name for field in dataclasses.fields(get_class(config(name)._target_))]
    return instantiate(OmegaConf.masked_copy(config(name), ["_target_", *own]))


def bound(backbone: Backbone) -> dict[str, Delta]:
    """The deltas by name."""
    return {name: method.bind(backbone, name) for name, method in METHODS.items()}


def starts(deltas: dict[str, Delta]) -> dict[str, Tensor]:
    """Their theta0."""
    return {name: delta.layout.initial(7) for name, delta in deltas.items()}


def moves(deltas: dict[str, Delta], solutions: int = 6, seed: int = 0) -> dict[str, Tensor]:
    """Steps (S, D) of each delta, longer for every next one."""
    generator = torch.Generator().manual_seed(seed)
    return {
        name: 0.1 * 5**i * torch.randn(solutions, delta.size, generator=generator)
        for i, (name, delta) in enumerate(deltas.items())
    }
