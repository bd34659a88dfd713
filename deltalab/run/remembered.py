"""A measured cost, measured once: what a run has found is what it finds again when it goes on."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, final

import torch
from torch import Tensor

from deltalab.atomic import write_json
from deltalab.backbone.backbone import Backbone
from deltalab.delta.candidates import Candidates
from deltalab.search.latency import Latency

__all__ = ["Remembered"]


@final
@dataclass
class Remembered:
    """A cost that keeps what it measures in a file, beside what it was measured of; another's file is written anew."""

    cost: Latency
    path: Path
    kept: dict[str, Any] = field(default_factory=dict)

    @property
    def unit(self) -> str:
        """What is counted."""
        return self.cost.unit

    def costs(self, candidates: Candidates) -> Tensor:
        """As the cost's."""
        names = [str(member.name) for member in candidates.members]
        found = self._of("units", candidates.delta.backbone)
        if found is None or list(found) != names:
            found = dict(zip(names, self.cost.costs(candidates).tolist(), strict=True))
            self._keep("units", found)
        return torch.tensor(list(found.values()), dtype=torch.float64)

    def denominator(self, backbone: Backbone) -> float:
        """As the cost's."""
        found = self._of("backbone", backbone)
        if found is None:
            found = self.cost.denominator(backbone)
            self._keep("backbone", found)
        return float(found)

    def _of(self, what: str, backbone: Backbone) -> Any:  # noqa: ANN401
        """What the file knows, nothing where it is of another backbone or another way of measuring."""
        of = {"cost": asdict(self.cost), "weights": backbone.weight_hash, "device": backbone.device.type}
        if not self.kept and self.path.is_file():
            self.kept = json.loads(self.path.read_text())
        if self.kept.get("of") != of:
            self.kept = {"of": of}
        return self.kept.get(what)

    def _keep(self, what: str, found: Any) -> None:  # noqa: ANN401
        self.kept[what] = found
        write_json(self.path, self.kept)
