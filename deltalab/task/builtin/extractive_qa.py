"""The answer is a piece of the passage: a person's name, or what was bought, lost or found.

Every other clause names another person and another thing, and a denied deed answers nothing.
"""

from __future__ import annotations

from random import Random

from deltalab.task.builtin.recipe import Recipe, sentence
from deltalab.task.builtin.vocabulary.deeds import DEEDS, Deed
from deltalab.task.builtin.vocabulary.people import NAMES, PERSONS, TITLES, full_name
from deltalab.task.builtin.vocabulary.things import COLOURS, QUALITIES, THINGS, article
from deltalab.task.metric.squad import ExactMatch

__all__ = ["RECIPES"]

# {a} did it; {b} did not, or did another thing
WHO = (
    "{a} {past} {x}",
    "{a} {past} {x}",
    "{a} {past} {x}, but {b} did not",
    "{b} did not {base} {x}, but {a} did",
    "it was {a} who {past} {x}, not {b}",
    "not {b} but {a} {past} {x}",
    "{b} asked for {x}, but {a} {past} it",
)
# {x} is what {a} did it to, {y} what not
WHAT = (
    "{a} {past} {x}",
    "{a} {past} {x}",
    "{a} {past} {x}, not {y}",
    "{a} {past} {x} and only looked at {y}",
    "{a} did not {base} {y}, but {x}",
    "{a} saw {y} there but {past} {x}",
    "instead of {y}, {a} {past} {x}",
)
OTHER = ("{who} {past} {z}", "{who} did not {base} {z}", "{who} never {past} {z}")
# a verb of the frames, and verbs that ask: to whom?
CLOSED = {"see", "show", "lend", "send", "offer"}
OPEN = tuple(deed for deed in DEEDS if deed.base not in CLOSED)


def who(chance: Random) -> tuple[str, str]:
    """Who did it: a title with a name."""
    a, b, c = (full_name(title, chance) for title in chance.sample(tuple(TITLES), 3))
    deed, other = chance.sample(OPEN, 2)
    x, z = (f"the {noun}" for noun in chance.sample(THINGS, 2))
    told = [_say(WHO, deed, chance, a=a, b=b, x=x), _say(OTHER, other, chance, who=c, z=z)]
    chance.shuffle(told)
    return f"{' '.join(told)} Who {deed.past} {x}?", a


def what(chance: Random) -> tuple[str, str]:
    """What it was done to: one or two adjectives and a noun."""
    a, other = chance.choice(NAMES), f"the {chance.choice(PERSONS)}"
    if chance.random() < 0.3:
        a, other = other, a
    deed, another = chance.sample(OPEN, 2)
    x, y, z = (_thing(noun, chance) for noun in chance.sample(THINGS, 3))
    told = [_say(WHAT, deed, chance, a=a, x=article(x), y=article(y))]
    if chance.random() < 0.6:
        told.append(_say(OTHER, another, chance, who=other, z=article(z)))
    chance.shuffle(told)
    return f"{' '.join(told)} What did {a} {deed.base}?", x


def _say(frames: tuple[str, ...], deed: Deed, chance: Random, **parts: str) -> str:
    return f"{sentence(chance.choice(frames).format(base=deed.base, past=deed.past, **parts))}."


def _thing(noun: str, chance: Random) -> str:
    colour, quality = chance.choice(COLOURS), chance.choice(QUALITIES)
    return f"{chance.choice((colour, quality, f'{quality} {colour}'))} {noun}"


RECIPES = {"who_question": Recipe(who, ExactMatch()), "what_question": Recipe(what, ExactMatch())}
