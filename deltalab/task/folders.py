"""A split of task folders that lie side by side, each by the name of its folder."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

from deltalab.errors import UserError
from deltalab.task.folder import read
from deltalab.task.leak import Leak
from deltalab.task.same_source import same_source
from deltalab.task.split import Split
from deltalab.task.task import Task

__all__ = ["folders"]


def folders(
    name: str,
    root: str | Path,
    seen: Sequence[str],
    unseen: Sequence[str],
    evaluation: str = "auto",
    limit: Mapping[str, int | None] | None = None,
    seed: int = 0,
    prefix: str | None = None,
    shots: int | None = None,
) -> Split:
    """The split of the folders of these names below `root`, each read by `deltalab.task.folder.read`.

    The other arguments are those of every task. Raises `UserError` for a name given twice or a folder that
    is missing, and what `read` and `Split` refuse; warns `Leak` where both sides hold the same texts.
    """
    place = Path(str(root)).expanduser()
    names = [*seen, *unseen]
    twice = sorted({one for one in names if names.count(one) > 1})
    if twice:
        raise UserError(f"task.seen, task.unseen: name every task once, not {', '.join(twice)} twice")
    missing = [one for one in names if not (place / one).is_dir()]
    if missing:
        raise UserError(f"task.root={place}: lacks {len(missing)} of {len(names)} task folders: {', '.join(missing)}")
    shared = same_source(seen, unseen)
    if shared:
        pairs = ", ".join(f"{new} and {known}" for known, new in shared)
        warnings.warn(f"{name}: unseen and seen tasks made from the same texts: {pairs}", Leak, stacklevel=2)

    def task(one: str) -> Task:
        return read(place / one, one, None, evaluation, prefix, limit, seed, shots)

    return Split(name, {one: task(one) for one in seen}, {one: task(one) for one in unseen})
