"""A task from any dataset of the hub: two patterns and the words of its labels."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from typing import Any

from deltalab.errors import UserError, unknown
from deltalab.task.assemble import assemble, label_set
from deltalab.task.example import Example
from deltalab.task.hub import Rows, download
from deltalab.task.limit import Limit
from deltalab.task.metric import metric_named
from deltalab.task.shots import few
from deltalab.task.task import SPLITS, Task

__all__ = ["read"]

_FORMATTER = string.Formatter()


def read(
    dataset: str,
    input: str,
    output: str = "{label}",
    labels: Sequence[str] | None = None,
    config: str | None = None,
    revision: str | None = None,
    splits: Mapping[str, str] | None = None,
    name: str | None = None,
    metric: str = "ACC",
    evaluation: str = "auto",
    limit: Mapping[str, int | None] | None = None,
    shots: int | None = None,
    seed: int = 0,
) -> Task:
    """The task of a dataset, by hub id or as a local folder: `input` and `output` are patterns over its columns.

    Where `output` is one column of numbers or truth values, `labels` are their words; without, the dataset's own names
    of classes. A list there (`{answers[text]}`) holds several acceptable outputs. `splits` are the dataset's names or
    slices for train, dev and test. Raises `UserError` for whatever is unknown, missing or malformed.
    """
    wanted = dict(zip(SPLITS, ("train", "validation", "test"), strict=True)) | dict(splits or {})
    if set(wanted) != set(SPLITS):
        raise unknown("split", min(set(wanted) - set(SPLITS)), SPLITS, "task.splits")
    raw = download(dataset, config, wanted, revision, "task.dataset=DIR")
    words = tuple(str(label) for label in labels) if labels is not None else _names(raw["train"], output)
    rows = {split: _examples(raw[split], input, output, words, split) for split in SPLITS}
    chosen, cap = metric_named(metric), Limit.of({} if limit is None else limit, seed)
    known = tuple(sorted(words)) if words else label_set(rows["train"], chosen, evaluation)
    kept = few({split: cap.take(split, rows[split]) for split in SPLITS}, shots, known, seed)
    return assemble(
        name or dataset.rstrip("/").split("/")[-1], kept, chosen, known, evaluation, f"task.dataset={dataset}"
    )


def _place(pattern: str, where: str) -> str | None:
    """The one place that the pattern consists of, None for any other pattern."""
    try:
        parts = list(_FORMATTER.parse(pattern))
    except ValueError as error:
        raise UserError(f"{where}: '{pattern}' is malformed ({error}); write a brace itself as {{{{ or }}}}") from error
    if not any(part[1] for part in parts):
        raise UserError(f"{where}: '{pattern}' shows no column; write it as {{sentence}}")
    return parts[0][1] if len(parts) == 1 and not parts[0][0] else None


def _names(rows: Rows, output: str) -> tuple[str, ...]:
    """The dataset's own names of the classes in the column that `output` is, none where it has none."""
    return tuple(getattr(rows.features.get(_place(output, "task.output") or ""), "names", None) or ())


def _examples(rows: Rows, source: str, target: str, words: Sequence[str], split: str) -> list[Example]:
    place, found = _place(target, "task.output"), []
    _place(source, "task.input")
    for number, row in enumerate(rows, start=1):
        where = f"task.splits.{split}: row {number}"
        try:
            text = source.format_map(row)
            value = target.format_map(row) if place is None else _FORMATTER.get_field(place, (), row)[0]
        except (KeyError, IndexError, TypeError) as error:
            columns = ", ".join(rows.features)
            raise UserError(
                f"{where} has no {error} for task.input or task.output; its columns are {columns}"
            ) from error
        found.append(Example(text, _outputs(value, words, where)))
    return found


def _outputs(value: Any, words: Sequence[str], where: str) -> tuple[str, ...]:  # noqa: ANN401
    values = list(dict.fromkeys(value)) if isinstance(value, list) else [value]
    if words and all(isinstance(one, int) for one in values):
        if not all(0 <= one < len(words) for one in values):
            raise UserError(f"{where} has label {value}; task.labels names {len(words)}: {', '.join(words)}")
        values = [words[one] for one in values]
    texts = tuple(str(one) for one in values)
    if not texts or not all(text.strip() for text in texts):
        raise UserError(f"{where} has an empty output; choose a split or a column with answers")
    if words and not set(texts) <= set(words):
        raise UserError(f"{where} has output '{texts[0]}'; task.labels allows {', '.join(words)}")
    return texts
