"""Yes or no about a short passage: who did what, and where things are."""

from __future__ import annotations

from random import Random

from deltalab.task.builtin.recipe import Recipe, sentence
from deltalab.task.builtin.vocabulary.deeds import DEEDS, Deed
from deltalab.task.builtin.vocabulary.people import NAMES, PERSONS
from deltalab.task.builtin.vocabulary.places import CONTAINERS, PLACES
from deltalab.task.builtin.vocabulary.things import COLOURS, QUALITIES, THINGS
from deltalab.task.metric.accuracy import Accuracy

__all__ = ["RECIPES"]

MOVED, OTHER_FACT = 0.6, 0.7

ALONE = {True: ("{a} {past} the {x}",), False: ("{a} did not {base} the {x}", "{a} never {past} the {x}")}
# {a} and {b} differ in what they did, in either order
OPPOSED = {
    True: (
        "{a} {past} the {x}, but {b} did not",
        "{b} did not {base} the {x}, but {a} did",
        "it was {a} who {past} the {x}, not {b}",
        "{a}, not {b}, {past} the {x}",
    ),
    False: (
        "{b} {past} the {x}, but {a} did not",
        "{a} did not {base} the {x}, but {b} did",
        "it was {b} who {past} the {x}, not {a}",
        "{b}, not {a}, {past} the {x}",
    ),
}
# {a} did the deed to one thing and not to the other
DIVIDED = {
    True: ("{a} {past} the {x}, but not the {y}", "{a} did not {base} the {y}, but the {x}"),
    False: ("{a} {past} the {y}, but not the {x}", "{a} did not {base} the {x}, but the {y}"),
}
KINDS = (ALONE, OPPOSED, OPPOSED, DIVIDED)


def fact(chance: Random) -> tuple[str, str]:
    """A deed told or denied, next to deeds of others."""
    a, b, c = chance.sample((*chance.sample(NAMES, 2), f"the {chance.choice(PERSONS)}"), 3)
    deed, other = chance.sample(DEEDS, 2)
    x, y, z = (_thing(noun, chance) for noun in chance.sample(THINGS, 3))
    yes = chance.random() < 0.5
    told = [_tell(chance.choice(KINDS)[yes], deed, chance, a=a, b=b, x=x, y=y)]
    if chance.random() < OTHER_FACT:
        told.append(_tell(chance.choice(KINDS[:2])[chance.random() < 0.5], other, chance, a=c, b=b, x=z))
    chance.shuffle(told)
    return f"{' '.join(told)} Did {a} {deed.base} the {x}?", "yes" if yes else "no"


def _tell(frames: tuple[str, ...], deed: Deed, chance: Random, **parts: str) -> str:
    return f"{sentence(chance.choice(frames).format(base=deed.base, past=deed.past, **parts))}."


def _thing(noun: str, chance: Random) -> str:
    kind = chance.randrange(3)
    return f"{chance.choice((COLOURS, QUALITIES)[kind])} {noun}" if kind < 2 else noun


MOVABLE = tuple(thing for thing in THINGS if thing not in PLACES + CONTAINERS)
LIES = ("the {x} was in the {p}", "{who} put the {x} in the {p}", "{who} left the {x} in the {p}")
GOES = ("{who} moved it to the {q}", "{who} took it to the {q}", "now it is in the {q}", "later it was in the {q}")
STAYS = ("{who} looked at it", "{who} liked it", "it was {quality}", "{who} did not move it to the {q}")


def place(chance: Random) -> tuple[str, str]:
    """A thing that is moved or stays; where it was last is where it is."""
    pool = chance.choice((PLACES, CONTAINERS))
    x, y = chance.sample(MOVABLE, 2)
    first, second, third = chance.sample(pool, 3)
    moved = chance.random() < MOVED
    told = f"{_say(LIES, chance, x=x, p=first)} {_say(GOES if moved else STAYS, chance, q=second)}"
    here, there = (second, first) if moved else (first, second)
    if chance.random() < 0.4:
        other = _say(LIES, chance, x=y, p=third)
        told = chance.choice((f"{told} {other}", f"{other} {told}"))
        there = chance.choice((there, third))
    yes = chance.random() < 0.5
    return f"{told} Is the {x} in the {here if yes else there} now?", "yes" if yes else "no"


def _say(frames: tuple[str, ...], chance: Random, **parts: str) -> str:
    who, quality = chance.choice((*NAMES, "somebody")), chance.choice(QUALITIES)
    return f"{sentence(chance.choice(frames).format(who=who, quality=quality, **parts))}."


LABELS = ("no", "yes")
RECIPES = {"fact_question": Recipe(fact, Accuracy(), LABELS), "place_question": Recipe(place, Accuracy(), LABELS)}
