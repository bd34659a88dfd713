"""Rows a task is tested on that another task was trained on: what is recovered of them tells nothing."""

from __future__ import annotations

import warnings
from collections.abc import Iterable

from deltalab.task.same_source import same_source
from deltalab.task.task import Task

__all__ = ["Leak", "leaks", "warn_of_leaks", "warn_of_names"]


class Leak(UserWarning):
    """What is tested was seen where something was learnt: in a subspace's tasks, or in the seen tasks of a split."""


def leaks(task: Task, learnt: Iterable[Task]) -> dict[str, int]:
    """How many test rows of a task have the text of a training row of each other one; none: not in it.

    Texts are compared without regard to case and spaces. The same rows under one split are no leak.
    """
    texts = [_plain(one.input) for one in task.test]
    found = {}
    for other in learnt:
        if other.fingerprint != task.fingerprint:
            trained = {_plain(one.input) for one in other.train}
            found[other.name] = sum(text in trained for text in texts)
    return {name: count for name, count in found.items() if count}


def warn_of_leaks(task: Task, learnt: Iterable[Task]) -> None:
    """Warn `Leak` where `leaks` finds some."""
    found = leaks(task, learnt)
    if found:
        said = ", ".join(f"{count} of {len(task.test)} in {name}" for name, count in found.items())
        warnings.warn(f"{task.name}: test rows are training rows of the source: {said}", Leak, stacklevel=2)


def warn_of_names(task: str, learnt: Iterable[str]) -> None:
    """Warn `Leak` for names that are known to stand for the same texts."""
    known = [one for one, _ in same_source(learnt, [task])]
    if known:
        warnings.warn(f"{task}: made from the same texts as the source: {', '.join(known)}", Leak, stacklevel=2)


def _plain(text: str) -> str:
    return " ".join(text.lower().split())
