"""What exercises are made of: how one is written, and how it picks words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import numpy as np

__all__ = ["Exercise", "counted", "options", "pick", "put", "words_of", "yes"]

Exercise = Callable[[str, str, str, np.random.Generator], tuple[str, str]]
"""From a text, the one after it, another one and chance to a question and its answer."""

Item = TypeVar("Item")


def pick(items: Sequence[Item], rng: np.random.Generator) -> Item:
    """One of some things, each as likely as any other."""
    return items[int(rng.integers(len(items)))]


def options(right: str, wrong: str, rng: np.random.Generator) -> str:
    """`right or wrong`, in either order."""
    return f"{right} or {wrong}" if rng.random() < 0.5 else f"{wrong} or {right}"


def words_of(text: str) -> list[str]:
    """The words of a text; some, where it has none."""
    return re.findall(r"\w+", text) or ["nothing", "said"]


def counted(texts: Iterable[str]) -> Counter[str]:
    """How often the texts have each word in small letters."""
    return Counter(word for text in texts for word in text.split() if word.isalpha() and word.islower())


def put(text: str, word: str, other: str) -> str:
    """The text with `other` where `word` first stands."""
    return re.sub(rf"\b{re.escape(word)}\b", other.replace("\\", r"\\"), text, count=1)


def yes(true: bool) -> str:
    """An answer in a word."""
    return "yes" if true else "no"
