"""`resume=RUN_DIR` and no more: the command of that run once more, in the same folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import yaml

from deltalab.errors import UserError
from deltalab.run.overrides import key_of, quoted

__all__ = ["again", "goes_on", "put_back"]

# What a folder from somebody else is not to decide: where Hydra writes and what it starts, and whom to trust.
_NOT_TAKEN = ("hydra", "allow", "resume")

_known: dict[Path, bytes] = {}
"""What Hydra had written in the folder of the run that goes on, which it writes anew before anything is checked."""


def again(words: Sequence[str]) -> list[str]:
    """A command line with `resume=DIR` as that of the run in DIR, in DIR; overrides beside it win.

    Any other command line is returned as it is, as is one with a `hydra.run.dir` of its own. Raises `UserError` where
    the overrides in DIR/.hydra cannot be read.
    """
    _known.clear()
    given = [word.partition("=")[2].strip("'\"") for word in words if key_of(word) == "resume"]
    own = {"-m", "--multirun"} & set(words) or any(key_of(word) == "hydra.run.dir" for word in words)
    file = Path(given[0] if given else "").expanduser() / ".hydra" / "overrides.yaml"
    if not given or own or not file.is_file():
        return list(words)
    rest = [word for word in words if key_of(word) != "resume"]
    keys = {key_of(word) for word in rest}
    taken = [word for word in _overrides(file) if key_of(word) not in keys and _taken(key_of(word))]
    _known.update({path.resolve(): path.read_bytes() for path in file.parent.iterdir() if path.is_file()})
    return [*taken, *rest, f"hydra.run.dir={quoted(file.parents[1])}"]


def goes_on(folder: Path) -> bool:
    """Whether this folder is, or is in, that of a run that the command line asks to go on."""
    return any(path.parents[1] in (folder.resolve(), *folder.resolve().parents) for path in _known)


def put_back() -> None:
    """Leave the folder of a run that was not to go on like this as it was."""
    for path, content in _known.items():
        path.write_bytes(content)


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
