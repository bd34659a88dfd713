"""Minimal pairs: two sentences that differ in one form, one of them English.

Both sentences of a pair are in every row, so no word tells which of them comes first.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from random import Random

from deltalab.task.builtin.polarity import polarity
from deltalab.task.builtin.recipe import Recipe, sentence, words
from deltalab.task.builtin.vocabulary.deeds import DEEDS, third
from deltalab.task.builtin.vocabulary.people import FEMALE, FEMALE_NAMES, MALE, MALE_NAMES, NAMES, PERSONS
from deltalab.task.builtin.vocabulary.things import COLOURS, QUALITIES, THINGS, plural
from deltalab.task.metric.accuracy import Accuracy

__all__ = ["RECIPES"]

ATTRACTOR = 0.6

ACTS = words("""
smile laugh sleep walk work sing dance swim shout whisper wait talk read write run jump listen travel complain cough
""")
STATES = words("""
tired happy angry hungry sad proud quiet rich poor famous clever lazy brave kind rude honest late busy lonely calm
""")
LOOKS = words("""
dirty clean wet dry dusty rusty old heavy lovely ugly costly precious strange cheap famous popular useful useless rare
common visible expensive important shiny
""")
PREPOSITIONS = words("near, behind, beside, next to, in front of, not far from")
BLAMED = words("""
blamed hurt praised taught warned admired saw washed dressed painted introduced defended described forgave hid found
accused hated helped encouraged surprised amused deceived ruined saved
""")
TIMES = words(
    "yesterday, last night, at last, one day, before dinner, on Sunday, in the end, that morning, this summer"
)

Pair = tuple[str, str]  # the right sentence, the wrong one


def agreement(chance: Random) -> Pair:
    """Subject and verb agree in number, whatever stands between them."""
    living, many = chance.random() < 0.5, chance.random() < 0.5
    noun, other = chance.sample(PERSONS if living else THINGS, 2)
    subject = f"the {plural(noun) if many else noun}"
    if chance.random() < ATTRACTOR:
        other = plural(other) if (chance.random() < 0.7) != many else other
        between = f"{chance.choice(PREPOSITIONS)} the {other}"
        if chance.random() < 0.3:
            between = f"that {chance.choice(NAMES)} {chance.choice(DEEDS).past}"
        subject = f"{subject} {between}"
    singular, other_number, rest = _predicate(living, chance)
    right, wrong = (other_number, singular) if many else (singular, other_number)
    return f"{subject} {right}{rest}", f"{subject} {wrong}{rest}"


def _predicate(living: bool, chance: Random) -> tuple[str, str, str]:
    """A verb for one, the same for many, and what follows."""
    kind = chance.randrange(4)
    if living and kind == 0:
        act = chance.choice(ACTS)
        return third(act), act, f" {chance.choice(('often', 'every day', 'too much', 'in the garden', 'at night'))}"
    rest = f" {chance.choice(STATES if living else LOOKS)}"
    if kind == 1:
        return "has", "have", f" become{rest}"
    return ("was", "were", rest) if kind == 2 else ("is", "are", rest)


def anaphor(chance: Random) -> Pair:
    """A reflexive agrees with its subject, not with the noun next to it."""
    sides = {"himself": (MALE, MALE_NAMES), "herself": (FEMALE, FEMALE_NAMES)}
    right, wrong = chance.sample(("himself", "herself", "themselves"), 2)
    subject = _person(right, sides, chance)
    if chance.random() < ATTRACTOR:
        other = _person(wrong, sides, chance)
        link = chance.choice((f"who {chance.choice(BLAMED)}", *PREPOSITIONS))
        subject = f"{subject} {link} {other}"
    verb, time = chance.choice(BLAMED), f" {chance.choice(TIMES)}" if chance.random() < 0.4 else ""
    return f"{subject} {verb} {right}{time}", f"{subject} {verb} {wrong}{time}"


def _person(form: str, sides: dict[str, tuple[tuple[str, ...], tuple[str, ...]]], chance: Random) -> str:
    if form == "themselves":
        return f"the {plural(chance.choice(PERSONS))}"
    nouns, names = sides[form]
    return chance.choice(names) if chance.random() < 0.3 else f"the {chance.choice(nouns)}"


DETERMINERS = (
    ("this", "these"),
    ("that", "those"),
    ("every", "all"),
    ("each", "several"),
    ("one", "two"),
    ("another", "many"),
)


def determiner(chance: Random) -> Pair:
    """A determiner and its noun agree in number, adjectives between them."""
    many = chance.random() < 0.5
    right, wrong = chance.choice(DETERMINERS)[:: -1 if many else 1]
    colour, noun, other = chance.choice(COLOURS), *chance.sample(THINGS, 2)
    described = (
        f"{chance.choice(('', f'{colour} ', f'{chance.choice(QUALITIES)} {colour} '))}{plural(noun) if many else noun}"
    )
    who = chance.choice((chance.choice(NAMES), f"the {chance.choice(PERSONS)}"))
    frame = f"{who} {chance.choice(DEEDS).past} {{}} {described}"
    if chance.random() < 0.5:
        frame = f"{frame} and the {chance.choice((other, plural(other)))}"
    return frame.format(right), frame.format(wrong)


def draw(pair: Callable[[Random], Pair], chance: Random) -> tuple[str, str]:
    """Both sentences of a pair in either order, and the letter of the right one."""
    answer = chance.choice("AB")
    first, second = (f"{sentence(text)}." for text in pair(chance)[:: 1 if answer == "A" else -1])
    return f"Sentence A: {first} Sentence B: {second}", answer


_PAIRS = {"agreement": agreement, "anaphor": anaphor, "determiner": determiner, "polarity": polarity}
RECIPES = {f"{name}_pairs": Recipe(partial(draw, pair), Accuracy(), ("A", "B")) for name, pair in _PAIRS.items()}
