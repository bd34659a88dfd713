"""One word in two sentences: has it the same sense in both?

Every word has two senses, every sense a few deeds that show it; persons and circumstances tell nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import final

from deltalab.task.builtin.lexicon.persons import NAMES
from deltalab.task.builtin.lexicon.sameness import PEOPLE
from deltalab.task.builtin.lexicon.senses_one import TABLE as ONE
from deltalab.task.builtin.lexicon.senses_two import TABLE as TWO
from deltalab.task.builtin.recipe import Recipe, sentence, words
from deltalab.task.metric.accuracy import Accuracy

__all__ = ["RECIPES", "WORDS", "Ambiguous"]

REPEATED, TIMED = 0.2, 0.5
"""How often two uses of one sense are one deed by two persons, and how often a sentence says when."""

TIMES = words("""
    yesterday, on Monday, on Friday, last week, last night, this morning, in the evening, after lunch, before dinner,
    once, in April, as usual, at last, that day, two days ago, after school
""")


@final
@dataclass(frozen=True)
class Ambiguous:
    """A word and, for each of its senses, deeds in which it has that sense."""

    word: str
    senses: tuple[tuple[str, ...], tuple[str, ...]]


def _read(table: str) -> tuple[Ambiguous, ...]:
    entries = []
    for line in table.strip().replace("\n|", " |").splitlines():
        word, deeds = line.split(": ", 1)
        first, second = (tuple(deed.strip() for deed in part.split(";")) for part in deeds.split("|"))
        entries.append(Ambiguous(word, (first, second)))
    return tuple(entries)


WORDS = _read(ONE) + _read(TWO)


def draw(chance: Random) -> tuple[str, str]:
    """Two sentences with a word, and whether it has one sense."""
    same = chance.random() < 0.5
    entry = chance.choice(WORDS)
    senses = list(entry.senses)
    chance.shuffle(senses)
    if same:
        one, two = chance.sample(senses[0], 2)
        two = one if chance.random() < REPEATED else two
    else:
        one, two = (chance.choice(sense) for sense in senses)
    who = chance.sample(NAMES + tuple(f"the {person}" for person in PEOPLE), 2)
    told = [_told(person, deed, chance) for person, deed in zip(who, (one, two), strict=True)]
    return f"Word: {entry.word}. First: {told[0]} Second: {told[1]}", "yes" if same else "no"


def _told(who: str, deed: str, chance: Random) -> str:
    if chance.random() < TIMED:
        when = chance.choice(TIMES)
        return f"{sentence(f'{when} {who} {deed}')}."
    return f"{sentence(f'{who} {deed}')}."


RECIPES = {"word_in_context": Recipe(draw, Accuracy(), ("no", "yes"))}
