"""The units of a structure file, and nothing else (Hu et al. 2022, arXiv 2206.07382)."""

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

__all__ = ["FromStructure"]


@final
@dataclass(frozen=True)
class FromStructure(Method):
    """Exactly the units that the file at `path` names, each as its method makes it, from a fresh theta0.

    Raises `UserError` where the file cannot be read, or was made for a backbone of other depth or other roles.
    """

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
        methods = self._methods()
        try:
            space = Candidates.of(methods, backbone)
            return [space.delta.units[i] for i in self.structure.positions(space)]
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
