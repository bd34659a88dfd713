"""The folder of a search as its run leaves it, and records of searches and of tuning."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from deltalab.delta.candidates import UnitName
from deltalab.delta.chosen import Chosen, Structure

BACKBONE = {"source": "one", "family": "t5", "layers": {"encoder": 2, "decoder": 2}, "widths": {}}


def mix(layers: int) -> list[UnitName]:
    """The units of the mixed space on T5 v1.0: 18 in a layer of the encoder, 20 of the decoder, and 4 more."""
    attention, inner = ["attn.q", "attn.k", "attn.v", "attn.o"], ["ffn.in", "ffn.out"]
    found = []
    for side in ("encoder", "decoder"):
        norms = ["norm.attn", *(["norm.cross"] if side == "decoder" else []), "norm.ffn"]
        roles = {
            "lora": attention + inner,
            "bitfit": attention + inner + norms,
            "lnfit": norms,
            "low_rank_adapter": ["attn", "ffn"],
        }
        found += [UnitName(m, role, side, i) for m, names in roles.items() for role in names for i in range(layers)]
        found += [UnitName(method, "norm.final", side, None) for method in ("bitfit", "lnfit")]
    return found


def leave(
    folder: Path,
    units: Sequence[UnitName],
    p: Sequence[Sequence[float]],
    chosen: Sequence[Sequence[int]],
    structure: Sequence[int],
    **changed: object,
) -> Path:
    """Write trajectory.json, with `changed` in it, and structure.yaml of these positions; evaluations are 10 apart."""
    content = {
        "format": 1,
        "units": [{**unit._asdict(), "cost": 8} for unit in units],
        "steps": [10 * (i + 1) for i in range(len(p))],
        "p": [list(values) for values in p],
        "chosen": [list(positions) for positions in chosen],
        "scores": {"discrete": [0.5] * len(p), "soft": [0.5] * len(p)},
        "budget": 16,
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "trajectory.json").write_text(json.dumps(content | changed))
    kept = tuple(Chosen(units[i], 0.5, 8) for i in structure)
    methods = {name: {"_target_": "some.Method"} for name in {unit.name.method for unit in kept}}
    Structure(BACKBONE, methods, kept, {}).save(folder / "structure.yaml")
    return folder


def job(score: float, share: float, seed: int = 0, delta: str = "structure", dev: float | None = 0.5) -> dict:
    """A trained job."""
    return {
        "delta": delta,
        "seed": seed,
        "share_of_backbone": share,
        "dev": None if dev is None else {"value": dev},
        "test": {"value": score},
    }


def search(
    choice: str,
    ppm: float,
    *scores: float,
    methods: Sequence[str] = ("lora",),
    unit: str = "parameters",
    **more: object,
) -> dict:
    """A record of a search whose structure fills nine tenths of a budget, retrained with several seeds."""
    return {
        "stage": "search",
        "task": {"name": "sst"},
        "metric": "ACC",
        "choice": choice,
        "budget": {"ppm": ppm, "unit": unit},
        "structure": {"methods": {name: {} for name in methods}},
        "search": {},
        "jobs": [job(score, 0.9e-6 * ppm, seed) for seed, score in enumerate(scores)],
        **more,
    }


def tuning(jobs: Sequence[Mapping[str, object]], task: str = "sst") -> dict:
    """A record of tuning."""
    return {"stage": "tune", "task": {"name": task}, "metric": "ACC", "jobs": list(jobs)}
