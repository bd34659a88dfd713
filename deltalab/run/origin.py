"""What determines a subspace, and what a store keeps of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from omegaconf import DictConfig

from deltalab.delta.solution import vector_hash
from deltalab.run.build import plain
from deltalab.run.facts import circumstances, method_facts, task_facts
from deltalab.run.ground import Ground
from deltalab.run.members import Members, Seen
from deltalab.run.own import codes
from deltalab.store.entry import Entry
from deltalab.store.store import Store

__all__ = ["KIND", "keep_subspace", "subspace_facts"]

KIND = "subspace"


def subspace_facts(config: DictConfig, base: Ground, chosen: Members, tasks: Sequence[Seen]) -> dict[str, Any]:
    """What determines a subspace: the settings of its making, and the very thetas it is made from."""
    maker = {
        key: value
        for key, value in plain(config)["subspace"].items()
        if key not in ("source_task", "leave_out", "given", "path")
    }
    return {
        "what": f"d{config.subspace.dim} from {', '.join(one.task.name for one in tasks)}",
        **circumstances(config, base),
        "subspace": maker,
        "tasks": [task_facts(one.task) for one in tasks],
        "solutions": [{name: [s.card["theta"] for s in of] for name, of in one.solutions.items()} for one in tasks],
        **({} if any(one.solutions for one in tasks) else {"methods": _method_facts(config.seed, chosen)}),
        "seed": config.seed,
        "lr": config.optimizer.lr,
        **({"maker": own} if (own := codes(maker)) else {}),
    }


def _method_facts(seed: int, chosen: Members) -> dict[str, Any]:
    """What of the methods determines a subspace made without solutions; otherwise these tell it."""
    found = {}
    for name, method in chosen.methods.items():
        layout = chosen.deltas[name].layout
        theta0 = vector_hash(layout.initial(seed))
        found[name] = {**method_facts(method), "layout": layout.fingerprint, "theta0": theta0}
    return found


def keep_subspace(store: Store, folder: Path, facts: Mapping[str, Any]) -> Entry:
    """Publish the subspace in a run's folder, its record beside it."""
    return store.publish(KIND, facts, {".": folder / "subspace", "record.json": folder / "record.json"})
