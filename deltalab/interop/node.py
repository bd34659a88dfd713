"""A backbone from the settings that a card keeps, without Hydra."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, get_type_hints

from deltalab.backbone.backbone import Backbone
from deltalab.backbone.family import Family
from deltalab.backbone.load import embedded, pretrained
from deltalab.errors import UserError
from deltalab.trust import named

__all__ = ["backbone_of", "settings_at"]


def settings_at(place: str) -> dict[str, Any]:
    """The settings of the backbone in a folder, of a hub id, or by the name of an embedded one ("tiny")."""
    load, key = (embedded, "name") if place == "tiny" else (pretrained, "path")
    return {"_target_": f"{load.__module__}.{load.__name__}", key: place}


def backbone_of(settings: Mapping[str, Any], dtype: str = "float32") -> Backbone:
    """The backbone of a config node as runs resolve it, in the number format `dtype`."""
    try:
        made = _built({**settings, "dtype": dtype, "force_fp16": False})
    except TypeError as error:
        raise UserError(f"backbone {json.dumps(settings)}: {error}; give --backbone") from error
    assert isinstance(made, Backbone)
    return made


def _built(node: Any) -> Any:  # noqa: ANN401
    """What a node with `_target_` describes, the nodes inside it first."""
    if not isinstance(node, Mapping):
        return node
    arguments = {key: _built(value) for key, value in node.items() if key != "_target_"}
    return _maker(node.get("_target_"))(**arguments) if "_target_" in node else arguments


def _maker(target: Any) -> Any:  # noqa: ANN401
    """What a `_target_` names; a card may come from anywhere, so it names makers of backbones and families alone."""
    try:
        found = named(str(target))
        made = found if isinstance(found, type) else get_type_hints(found).get("return")
    except (ImportError, AttributeError, ValueError, TypeError, NameError, UserError) as error:
        raise UserError(f"backbone._target_={target}: {error}; give --backbone") from error
    if made not in (Backbone, Family):
        raise UserError(f"backbone._target_={target}: makes no Backbone and no Family; give --backbone")
    return found
