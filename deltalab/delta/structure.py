"""The units of a structure, and nothing else (Hu et al. 2022, arXiv 2206.07382)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import final

from deltalab.backbone.backbone import Backbone
from deltalab.delta.candidates import Candidates
from deltalab.delta.chosen import Structure
from deltalab.delta.method import Method, Unit
from deltalab.errors import UserError

__all__ = ["FromStructure", "OfStructure"]


@final
@dataclass(frozen=True)
class OfStructure(Method):
    """Exactly the units of a structure, each as its method makes it, from a fresh theta0.

    Raises `UserError` where the structure was made for a backbone of other depth or other roles.
    """

    structure: Structure
    lr: float = 1e-3

    @property
    def identity(self) -> bool:
        return all(method.identity for method in self.structure.made().values())

    def units(self, backbone: Backbone) -> list[Unit]:
        space = Candidates.of(self.structure.made(), backbone)
        return [space.delta.units[i] for i in self.structure.positions(space)]


@final
@dataclass(frozen=True)
class FromStructure(Method):
    """The same of the structure in the file at `path`; raises `UserError` where it cannot be read, too."""

    path: str
    lr: float = 1e-3

    def __post_init__(self) -> None:
        # Read at once: a mistake shows early, and what the file says is among the facts that finished work is found by.
        self._methods()

    @cached_property
    def structure(self) -> Structure:
        """What of the file determines the delta."""
        return Structure.load(Path(self.path).expanduser()).bare()

    @property
    def identity(self) -> bool:
        return all(method.identity for method in self._methods().values())

    def units(self, backbone: Backbone) -> list[Unit]:
        try:
            return OfStructure(self.structure).units(backbone)
        except UserError as error:
            raise self._told(error) from error

    def _methods(self) -> dict[str, Method]:
        structure = self.structure
        try:
            return structure.made()
        except UserError as error:
            raise self._told(error) from error

    def _told(self, error: UserError) -> UserError:
        return UserError(f"structure {self.path}: {error}")
