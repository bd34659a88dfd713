"""`resume=RUN_DIR` and no more: the command of that run once more, in the same folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import yaml

from deltalab.errors import UserError
from deltalab.run.overrides import key_of, quoted

__all__ = ["again"]

# What a folder from somebody else is not to decide: where Hydra writes and what it starts, and whom to trust.
_NOT_TAKEN = ("hydra", "allow", "resume")


def again(words: Sequence[str]) -> list[str]:
    """A command line with `resume=DIR` as that of the run in DIR, in DIR; overrides beside it win.

    Any other command line is returned as it is, as is one with a `hydra.run.dir` of its own. Raises `UserError` where
    the overrides in DIR/.hydra cannot be read.
    """
    given = [word.partition("=")[2].strip("'\"") for word in words if key_of(word) == "resume"]
    own = {"-m", "--multirun"} & set(words) or any(key_of(word) == "hydra.run.dir" for word in words)
    file = Path(given[0] if given else "").expanduser() / ".hydra" / "overrides.yaml"
    if not given or own or not file.is_file():
        return list(words)
    rest = [word for word in words if key_of(word) != "resume"]
    keys = {key_of(word) for word in rest}
    taken = [word for word in _overrides(file) if key_of(word) not in keys and _taken(key_of(word))]
    return [*taken, *rest, f"hydra.run.dir={quoted(file.parents[1])}"]


def _taken(key: str) -> bool:
    return key.replace("/", ".").partition(".")[0].partition("@")[0] not in _NOT_TAKEN


def _overrides(file: Path) -> list[str]:
    try:
        words = yaml.safe_load(file.read_text())
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise UserError(f"resume={file.parents[1]}: {file} cannot be read ({type(error).__name__})") from error
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise UserError(f"resume={file.parents[1]}: {file} is no list of overrides")
    if any(word.startswith("-") for word in words):
        raise UserError(f"resume={file.parents[1]}: {file} has an option where overrides are expected")
    return words
