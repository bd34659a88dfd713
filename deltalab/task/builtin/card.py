"""Task cards: what each built-in task measures, and what it costs to guess."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import final

from deltalab.task.builtin.bag import bag_of_words
from deltalab.task.builtin.groups import GROUPS
from deltalab.task.builtin.make import make
from deltalab.task.task import SPLITS, Task

__all__ = ["Card", "cards", "markdown"]


@final
@dataclass(frozen=True)
class Card:
    """One task: scores are test scores in percent, None where there is none."""

    group: str
    name: str
    metric: str
    labels: int | None
    majority: float
    bag_of_words: float | None
    sizes: tuple[int, ...]
    input: str
    output: str


def cards(names: Sequence[str] = ()) -> Iterator[Card]:
    """The cards of these tasks, or of all, by group."""
    for group, recipes in GROUPS.items():
        for name in recipes:
            if not names or name in names:
                yield _card(group, make(name))


def markdown(rows: Sequence[Card]) -> str:
    """The cards as a table."""
    lines = [
        "| group | task | metric | labels | majority | bag of words | train / dev / test | example | answer |",
        "|---|---|---|---:|---:|---:|---:|---|---|",
    ]
    for card in rows:
        bag = "" if card.bag_of_words is None else f"{card.bag_of_words:.0f}"
        sizes, labels = " / ".join(f"{size:,}" for size in card.sizes), "text" if card.labels is None else card.labels
        lines.append(
            f"| {card.group} | `{card.name}` | {card.metric} | {labels} | {card.majority:.0f} | {bag} | {sizes} "
            f"| {card.input} | {card.output} |"
        )
    return "\n".join(lines) + "\n"


def _card(group: str, task: Task) -> Card:
    majority = [task.majority()] * len(task.test)
    blind = task.metric.score(majority, [row.outputs for row in task.test], task.labels).value
    bag = bag_of_words(task)
    row = task.train[0]
    return Card(
        group=group,
        name=task.name,
        metric=task.metric.name,
        labels=None if task.labels is None else len(task.labels),
        majority=100 * blind,
        bag_of_words=None if bag is None else 100 * bag,
        sizes=tuple(len(task.split(split)) for split in SPLITS),
        input=row.input.replace("|", r"\|"),
        output=row.outputs[0],
    )
