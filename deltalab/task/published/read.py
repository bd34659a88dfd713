"""A published task by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from deltalab.errors import UserError, member, one_of
from deltalab.task.assemble import assemble
from deltalab.task.example import Example
from deltalab.task.hub import download
from deltalab.task.limit import Limit
from deltalab.task.metric import metric_named
from deltalab.task.published.divide import divide
from deltalab.task.published.files import local
from deltalab.task.published.shape import SHAPES, Shaped
from deltalab.task.published.table import Entry, table
from deltalab.task.shots import few
from deltalab.task.task import SPLITS, Task
from deltalab.task.whole import whole

__all__ = ["read"]


def read(
    name: str,
    path: str | None = None,
    template: str = "mended",
    labels: str | Sequence[str] = "digits",
    metric: str | None = None,
    evaluation: str = "auto",
    limit: Mapping[str, int | None] | None = None,
    shots: int | None = None,
    seed: int = 0,
) -> Task:
    """The task of the table, from the hub or from a copy at `path` in the distributed format (arXiv 2206.07382).

    `template` is `published`, or `mended`: COPA shows its question, STS-B rounds to fifths, answers to one question of
    MultiRC are never torn apart, ReCoRD has a row a query. `labels` are `digits` as published, `words`, or a list in
    the order of the numbers. `seed` draws the splits. Raises `UserError` for whatever is unknown, missing or malformed.
    """
    entry = member("published task", name, table(), "task.name")
    published = template == "published"
    one_of("template", template, ("mended", "published"), "task.template")
    words = _words(entry, labels)
    where = f"task.path={path}" if path else f"task {name}"
    two = {"train": "train", "validation": "validation", **(entry.splits or {})}
    raw = local(entry, path) if path else download(entry.dataset, entry.config, two, entry.revision, "task.path=DIR")
    rows = {split: _examples(raw[split], entry, words, published, f"{where}, {split}") for split in raw}
    # as published every row stands alone; mended, the rows of a group do not
    groups = {
        split: [place if published or not one or one[0].group is None else one[0].group for place, one in enumerate(of)]
        for split, of in rows.items()
    }
    parts = divide(rows, groups, entry.dev, whole(seed, 0, "task.seed"))
    cap = Limit.of({} if limit is None else limit, seed)
    kept = {split: cap.take(split, [one for each in parts[split] for one in each]) for split in SPLITS}
    chosen = metric_named(str(metric) if metric else entry.metric.format(positive=words[1] if words else ""))
    known = tuple(sorted(words)) or None
    return assemble(name, few(kept, shots, known, seed), chosen, known, evaluation, where)


def _words(entry: Entry, labels: str | Sequence[str]) -> tuple[str, ...]:
    """The answer of each label number, none where the task has no labels."""
    count = len(entry.words)
    if labels in ("digits", "words"):
        return entry.words if labels == "words" else tuple(str(number) for number in range(count))
    if isinstance(labels, str) or len(set(labels)) != count or len(labels) != count:
        shown = ", ".join(entry.words) if count else "none"
        raise UserError(f"task.labels={labels}: allowed: digits, words, or {count} different words for {shown}")
    return tuple(str(label) for label in labels)


def _examples(
    raw: Sequence[Mapping[str, Any]], entry: Entry, words: Sequence[str], published: bool, where: str
) -> list[list[Example]]:
    """The rows that each raw row makes."""
    pattern = entry.published if published and entry.published else entry.input
    shape = SHAPES[entry.shape] if entry.shape else None
    train, found = where.endswith("train"), []
    for place, row in enumerate(raw, start=1):
        try:
            shaped = shape(row, published, train) if shape else [Shaped(row)]
            texts = [pattern.format_map(one.values) for one in shaped]
            answers = [one.outputs or (words[_number(row["label"], entry.words)],) for one in shaped]
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise UserError(f"{where}: row {place} does not fit the table ({error!r})") from error
        found.append([Example(text, out, one.group) for text, out, one in zip(texts, answers, shaped, strict=True)])
    return found


def _number(label: object, words: Sequence[str]) -> int:
    """Which label a cell means: its number, its word, or false and true."""
    text = str(label).strip()
    if text in words:
        return words.index(text)
    number = int(label) if isinstance(label, bool) else int(text)
    if not 0 <= number < len(words):
        raise ValueError(f"label {label}, of {len(words)}")
    return number
