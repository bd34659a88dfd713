"""A search space: the methods whose units may be chosen (Hu et al. 2022, arXiv 2206.07382)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

from deltalab.backbone.backbone import Backbone
from deltalab.delta.candidates import Candidates
from deltalab.delta.method import Method
from deltalab.errors import UserError

__all__ = ["SearchSpace"]


@final
@dataclass(frozen=True)
class SearchSpace:
    """Methods by name; every unit of each is a candidate.

    A method that is None is left out. One whose units a gate cannot leave out is refused beside others. Units that
    share a tensor are refused, so that a choice costs the sum over the chosen units.
    """

    methods: Mapping[str, Method]

    def __post_init__(self) -> None:
        # `methods.lora=null` on the command line takes a method away
        object.__setattr__(self, "methods", {name: one for name, one in self.methods.items() if one is not None})
        if not self.methods:
            raise UserError("search_space.methods={}: name at least one method")
        for name, one in self.methods.items():
            if len(self.methods) > 1 and not one.closes:
                raise UserError(f"search_space.methods.{name}: a gate cannot leave it out; search it alone")

    def bind(self, backbone: Backbone) -> Candidates:
        """The candidates on a backbone; raises `UserError` where a method does not fit it or shares tensors."""
        try:
            return Candidates.of(self.methods, backbone, "search_space")
        except UserError as error:
            raise UserError(f"search_space.{error}") from error
