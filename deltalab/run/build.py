"""Objects from config nodes, their settings checked first."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from hydra.errors import InstantiationException
from hydra.utils import instantiate
from omegaconf import DictConfig, OmegaConf

from deltalab.errors import UserError
from deltalab.run.arguments import check
from deltalab.trust import named

__all__ = ["build", "listed", "plain", "whole", "yes"]


def build(config: DictConfig, where: str, late: Sequence[str] = (), but: Sequence[str] = ()) -> Any:  # noqa: ANN401
    """The object that the node at `where` describes, or a partial of it that still takes the arguments `late`.

    Keys `but` are none of the object's.

    Raises `UserError` for an unknown key or a value of the wrong type anywhere below the node.
    """
    node = OmegaConf.select(config, where, throw_on_missing=True)
    if not OmegaConf.is_dict(node) or "_target_" not in node:
        raise UserError(f"{where}={node}: describes nothing that could be built; choose an option that has a _target_")
    content = OmegaConf.to_container(node, resolve=True, throw_on_missing=True)
    assert isinstance(content, dict)
    settings = {key: value for key, value in content.items() if key not in but}
    _refuse_targets(settings, where)
    _check(settings, where, late)
    make = partial(instantiate, settings, _convert_="all")
    if not late:
        return _located(make, where, settings)()
    return _located(_located(lambda: make(_partial_=True), where, settings)(), where, settings)


def _located(make: Callable[..., Any], where: str, settings: Mapping[Any, Any]) -> Callable[..., Any]:
    """`make`, with the arguments that its `UserError`s name as keys of the config: "rank" below delta is delta.rank."""

    def made(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        try:
            return make(*args, **kwargs)
        except (UserError, InstantiationException) as error:
            cause = error.__cause__ if isinstance(error, InstantiationException) else error
            if not isinstance(cause, UserError):
                raise
            argument = re.match(r"(\w+)[\w.]*[=:]", str(cause))
            for inner in dict.fromkeys((_inner(error), "")):
                if argument is not None and argument[1] in _below(settings, inner):
                    raise UserError(".".join(filter(None, (where, inner, str(cause))))) from error
            raise UserError(str(cause)) from error

    return made


def _inner(error: Exception) -> str:
    """The node below the one built in which Hydra says that it failed."""
    told = re.search(r"full_key: ([\w.]+)$", str(error))
    return "" if told is None else told[1]


def _below(settings: Mapping[Any, Any], inner: str) -> Mapping[Any, Any]:
    for key in filter(None, inner.split(".")):
        settings = settings.get(key, {})
    return settings


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


def yes(value: Any, key: str) -> bool:  # noqa: ANN401
    """A setting that is on or off; raises `UserError` for any other value, such as the text "no"."""
    if not isinstance(value, bool):
        raise UserError(f"{key}={value}: must be true or false")
    return value


def whole(value: Any, key: str, least: int = 0, most: int | None = None) -> int:  # noqa: ANN401
    """A whole number from `least` to `most`, or a `UserError` that names the key."""
    if isinstance(value, bool) or not isinstance(value, int) or value < least or (most is not None and value > most):
        raise UserError(
            f"{key}={value}: must be a whole number, at least {least}" + (f" and at most {most}" if most else "")
        )
    return value


def _refuse_targets(node: Any, where: str) -> None:  # noqa: ANN401
    """Raise `UserError` for a `_target_` outside the trusted packages, wherever Hydra would build it."""
    inside = node.items() if isinstance(node, Mapping) else enumerate(node) if isinstance(node, list) else ()
    for key, value in inside:
        if key == "_target_":
            _target(value, where)
        _refuse_targets(value, f"{where}.{key}")


def _check(node: Any, where: str, late: Sequence[str]) -> None:  # noqa: ANN401
    """Check a node and the nodes inside it that build something themselves."""
    if not isinstance(node, Mapping):
        return
    settings = {key: value for key, value in node.items() if not str(key).startswith("_")}
    for key, value in settings.items():
        _check(value, f"{where}.{key}", ())
    if "_target_" in node:
        check(where, settings, _target(node["_target_"], where), late)


def _target(path: Any, where: str) -> Any:  # noqa: ANN401
    """What a `_target_` names; raises `UserError` where there is nothing of that name, or nothing to be trusted."""
    try:
        return named(str(path))
    except (ImportError, ValueError, AttributeError, UserError) as error:
        raise UserError(f"{where}._target_={path}: {error}") from error
