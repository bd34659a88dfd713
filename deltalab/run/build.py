"""Objects from config nodes, their settings checked first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hydra.errors import InstantiationException
from hydra.utils import get_object, instantiate
from omegaconf import DictConfig, OmegaConf

from deltalab.errors import UserError
from deltalab.run.arguments import check

__all__ = ["build", "listed", "plain", "whole"]


def build(config: DictConfig, where: str, late: Sequence[str] = ()) -> Any:  # noqa: ANN401
    """The object that the node at `where` describes, or a partial of it that still takes the arguments `late`.

    Raises `UserError` for an unknown key or a value of the wrong type anywhere below the node.
    """
    node = OmegaConf.select(config, where, throw_on_missing=True)
    _check(OmegaConf.to_container(node, resolve=True, throw_on_missing=True), where, late)
    try:
        return instantiate(node, _convert_="all", _partial_=True) if late else instantiate(node, _convert_="all")
    except InstantiationException as error:
        cause = error.__cause__
        raise cause if isinstance(cause, UserError) else error from cause


def plain(config: DictConfig) -> dict[str, Any]:
    """The config as plain resolved containers."""
    content = OmegaConf.to_container(config, resolve=True)
    assert isinstance(content, dict)
    return {str(key): value for key, value in content.items()}


def listed(value: Any) -> list[Any] | None:  # noqa: ANN401
    """A config value as a list: None stays None, one value becomes a list of one."""
    if value is None:
        return None
    plain = OmegaConf.to_container(value, resolve=True) if OmegaConf.is_config(value) else value
    return plain if isinstance(plain, list) else [plain]


def whole(value: Any, key: str, least: int = 0) -> int:  # noqa: ANN401
    """A whole number of at least `least`, or a `UserError` that names the key."""
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise UserError(f"{key}={value}: must be a whole number, at least {least}")
    return value


def _check(node: Any, where: str, late: Sequence[str]) -> None:  # noqa: ANN401
    """Check a node and the nodes inside it that build something themselves."""
    if not isinstance(node, Mapping):
        return
    settings = {key: value for key, value in node.items() if not str(key).startswith("_")}
    for key, value in settings.items():
        _check(value, f"{where}.{key}", ())
    if "_target_" in node:
        plain = {key: value for key, value in settings.items() if not _builds(value)}
        check(where, plain, _target(node["_target_"]), late)


def _builds(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, Mapping) and "_target_" in value


def _target(path: str) -> Any:  # noqa: ANN401
    """What a `_target_` names; raises `UserError` where there is nothing of that name."""
    try:
        return get_object(path)
    except (ImportError, ValueError, AttributeError) as error:
        raise UserError(f"_target_={path}: {error}") from error
