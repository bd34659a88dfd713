"""From rows to a task: label set, kind of evaluation, checks."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence

from deltalab.errors import UserError, one_of
from deltalab.task.example import Example
from deltalab.task.metric.correlation import number
from deltalab.task.metric.metric import Metric
from deltalab.task.task import SPLITS, Evaluation, Task

__all__ = ["RANKED", "ROWS_PER_LABEL", "UnseenLabels", "assemble", "label_set"]

RANKED = 64
"""`auto` ranks up to this many labels and generates beyond."""

ROWS_PER_LABEL = 4
"""Train rows a distinct answer must have on average for the answers to count as labels."""


class UnseenLabels(UserWarning):
    """A dev or test split holds labels that no train row has."""


def label_set(train: Sequence[Example], metric: Metric, evaluation: str = "auto") -> tuple[str, ...] | None:
    """The sorted first outputs of train where they are labels, None where they are free text.

    They are labels when the metric is one of classification and they average at least `ROWS_PER_LABEL` rows each, or
    when `evaluation` is `rank`.
    """
    found = {example.outputs[0] for example in train}
    closed = metric.kind == "class" and len(found) * ROWS_PER_LABEL <= len(train)
    return tuple(sorted(found)) if closed or evaluation == "rank" else None


def assemble(
    name: str,
    splits: Mapping[str, Sequence[Example]],
    metric: Metric,
    labels: tuple[str, ...] | None,
    evaluation: str = "auto",
    source: str | None = None,
) -> Task:
    """The task of these splits, read from `source`; `auto` ranks up to `RANKED` labels and generates else.

    Raises `UserError` for an empty split, a foreign `evaluation`, or outputs that a metric of numbers can't read; warns
    `UnseenLabels` for dev or test labels outside the label set.
    """
    where = source or f"task {name}"
    for split in SPLITS:
        if not splits[split]:
            raise UserError(f"{where}: the {split} split is empty; every split needs at least one row")
    one_of("evaluation", evaluation, ("auto", "rank", "generate"), "task.evaluation")
    if metric.kind == "number":
        _check_numbers(splits, metric, where)
    if labels is not None:
        _warn_unseen(splits, set(labels), where)
    ranked = evaluation == "rank" or (evaluation == "auto" and labels is not None and len(labels) <= RANKED)
    kind: Evaluation = "rank" if ranked else "generate"
    train, dev, test = (tuple(splits[split]) for split in SPLITS)
    return Task(name, train, dev, test, metric, labels, kind)


def _check_numbers(splits: Mapping[str, Sequence[Example]], metric: Metric, where: str) -> None:
    for split in SPLITS:
        for row, example in enumerate(splits[split], start=1):
            if number(example.outputs[0]) is None:
                raise UserError(
                    f"{where}: {split} row {row} has output '{example.outputs[0]}', but {metric.name} needs numbers"
                )


def _warn_unseen(splits: Mapping[str, Sequence[Example]], labels: set[str], where: str) -> None:
    for split in ("dev", "test"):
        unseen = sorted({example.outputs[0] for example in splits[split]} - labels)
        if unseen:
            shown = ", ".join(unseen[:5]) + (f" and {len(unseen) - 5} more" if len(unseen) > 5 else "")
            warnings.warn(f"{where}: {split} has labels never seen in train: {shown}", UnseenLabels, stacklevel=3)
