"""What a generated task is: a way to draw rows, a metric, and what an error of annotation looks like."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import final

from deltalab.task.metric import Metric

__all__ = ["Recipe", "sentence", "words"]


@final
@dataclass(frozen=True)
class Recipe:
    """`draw` makes one row, an input and its right output, from a source of chance.

    `labels` are the possible outputs, None for free text. `mistake` makes a wrong output from the right one, where
    neither another label nor swapped words would do.
    """

    draw: Callable[[Random], tuple[str, str]]
    metric: Metric
    labels: tuple[str, ...] | None = None
    mistake: Callable[[str, Random], str] | None = None

    def misjudge(self, output: str, chance: Random) -> str:
        """A wrong output: another label or, in free text, two neighbouring words in each other's place."""
        if self.mistake is not None:
            return self.mistake(output, chance)
        if self.labels is not None:
            return chance.choice([label for label in self.labels if label != output])
        parts = output.split()
        place = chance.randrange(len(parts) - 1)
        parts[place : place + 2] = reversed(parts[place : place + 2])
        return " ".join(parts)


def words(text: str) -> tuple[str, ...]:
    """The words of a list written as text, split at commas where there is one, else at spaces."""
    return tuple(word.strip() for word in text.split("," if "," in text else None))


def sentence(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]
