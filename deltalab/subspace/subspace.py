"""A subspace shared by delta methods: one code z in R^d, decoded as the theta of any of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import final

from torch import Tensor, nn

from deltalab.delta.method import Delta
from deltalab.delta.segment import Segment
from deltalab.errors import UserError, one_of
from deltalab.subspace.down import Down
from deltalab.subspace.up import Up

__all__ = ["Projector", "Subspace"]


@final
class Projector(nn.Module):
    """One method's way up from codes and, where the subspace was learnt from solutions, down to them."""

    def __init__(self, delta: Delta, up: Up, down: Down | None = None) -> None:
        super().__init__()
        self.delta, self.up, self.down = delta, up, down

    def code(self, v: Tensor) -> Tensor:
        """The code (..., d) of a step v = theta - theta0 (..., D); `UserError` where there is no down-projection."""
        if self.down is None:
            raise UserError(f"subspace: has no down-projection for '{self.delta.name}', so no solution can be encoded")
        return self.down.encode(v.to(self.up.theta0.device))


@final
class Subspace(nn.Module):
    """Projectors by method name; all codes have d numbers."""

    def __init__(self, dim: int, projectors: Mapping[str, Projector]) -> None:
        super().__init__()
        if dim < 1:
            raise UserError(f"subspace.dim={dim}: must be at least 1")
        self.dim = dim
        self.projectors = nn.ModuleDict(projectors)

    @property
    def methods(self) -> list[str]:
        """The methods in order."""
        return list(self.projectors)

    @property
    def encodes(self) -> bool:
        """Whether steps can be encoded: every method has a down-projection."""
        return all(self[method].down is not None for method in self.methods)

    def __getitem__(self, method: str) -> Projector:
        """The projector of a method; `UserError` for one that the subspace does not hold."""
        one_of("method", method, self.projectors.keys(), "subspace")
        found = self.projectors[method]
        assert isinstance(found, Projector)
        return found

    def decode(self, method: str, z: Tensor) -> Tensor:
        """theta (..., D) of a method at codes z (..., d)."""
        theta: Tensor = self[method].up(z)
        return theta

    def segments(self, z: Tensor | Mapping[str, Tensor]) -> list[Segment]:
        """Codes z (..., d) decoded as every method, in order; or those of each method, in the order given."""
        each = z if isinstance(z, Mapping) else dict.fromkeys(self.methods, z)
        return self.stacked({method: self.decode(method, codes) for method, codes in each.items()})

    def stacked(self, thetas: Mapping[str, Tensor]) -> list[Segment]:
        """The segments of thetas (..., D), a method each, in the order given."""
        return [Segment(self[method].delta, theta) for method, theta in thetas.items()]

    def encode(self, method: str, theta: Tensor) -> Tensor:
        """Codes (..., d) of a method's thetas (..., D)."""
        projector = self[method]
        return projector.code(theta - projector.up.theta0)
