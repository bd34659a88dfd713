"""Do two sentences, or two questions, say the same?

One sentence is told in two ways (active or passive, seen from the giver or the receiver, from the taller or the
shorter, by another word or by the denial of the opposite), and something may have changed: who did it to whom, the
verb, the thing, the time. Both kinds of pairs consist of the same words.
"""

from __future__ import annotations

from random import Random

from deltalab.task.builtin.lexicon.sameness import (
    COMPARED,
    GIVEN,
    OPPOSITES,
    PEOPLE,
    PLACES,
    TIMES,
    TRANSFERS,
    VERBS,
)
from deltalab.task.builtin.question_paraphrase import ask
from deltalab.task.builtin.recipe import Recipe, sentence
from deltalab.task.metric.accuracy import Accuracy

__all__ = ["RECIPES"]

Told = tuple[str, str]  # two sentences

DEEDS = (
    "the {a} {v} the {b} {t}",
    "{t} the {a} {v} the {b}",
    "it was the {a} who {v} the {b} {t}",
    "the {b} was {v} by the {a} {t}",
    "{t} the {b} was {v} by the {a}",
    "it was the {b} who was {v} by the {a} {t}",
)
TRANSFERRED = (
    "the {a} {gave} the {x} {to} the {b} {t}",
    "{t} the {a} {gave} the {x} {to} the {b}",
    "the {b} {took} the {x} {off} the {a} {t}",
    "{t} the {b} {took} the {x} {off} the {a}",
)
COMPARISONS = ("{t} the {a} was {more} than the {b}", "{t} the {b} was {less} than the {a}")
QUALITIES = (
    "{t} the {x} was {one}",
    "the {x} was {one} {t}",
    "{t} the {x} was not {other}",
    "the {x} was not {other} {t}",
)


def _deed(same: bool, chance: Random) -> Told:
    """Who did what to whom, active or passive."""
    a, b = chance.sample(PEOPLE, 2)
    (verbs, other_verbs), (time, other_time) = chance.sample(VERBS, 2), chance.sample(TIMES, 2)
    one, two = chance.sample(DEEDS, 2)
    first = one.format(a=a, b=b, v=chance.choice(verbs), t=time)
    changed = "" if same else chance.choice(("who", "who", "who", "verb", "time"))
    if changed == "who":
        a, b = b, a
    verb = chance.choice(other_verbs if changed == "verb" else verbs)
    return first, two.format(a=a, b=b, v=verb, t=other_time if changed == "time" else time)


def _transfer(same: bool, chance: Random) -> Told:
    """Who handed what to whom, from the side of the giver or of the receiver."""
    (a, b), (x, y) = chance.sample(PEOPLE, 2), chance.sample(GIVEN, 2)
    words = dict(zip(("gave", "to", "took", "off"), chance.choice(TRANSFERS), strict=True))
    time = chance.choice(TIMES)
    one, two = chance.sample(TRANSFERRED, 2)
    first = one.format(a=a, b=b, x=x, t=time, **words)
    if not same:
        a, b, x = (b, a, x) if chance.random() < 0.7 else (a, b, y)
    return first, two.format(a=a, b=b, x=x, t=time, **words)


def _comparison(same: bool, chance: Random) -> Told:
    """Who had more of a quality, or less."""
    a, b = chance.sample(PEOPLE, 2)
    more, less = chance.sample(chance.choice(COMPARED), 2)
    time = chance.choice(TIMES)
    one, two = COMPARISONS if chance.random() < 0.7 else COMPARISONS[:1] * 2
    first = one.format(a=a, b=b, more=more, less=less, t=time)
    if one == two:  # the same frame says the same only with both sides and the quality turned round
        a, b, more, less = b, a, less, more
    if not same:
        a, b, more, less = (b, a, more, less) if chance.random() < 0.5 else (a, b, less, more)
    return first, two.format(a=a, b=b, more=more, less=less, t=time)


def _quality(same: bool, chance: Random) -> Told:
    """How something was, by one word, by another, or by the denial of the opposite."""
    scale = chance.choice(OPPOSITES)
    sides = [scale[:2], scale[2:]]
    chance.shuffle(sides)
    x, y = chance.sample(PLACES, 2)
    time = chance.choice(TIMES)
    (one, two), (against, opposite) = (chance.sample(side, 2) for side in sides)
    frame, other = chance.sample(QUALITIES, 2)
    first = frame.format(x=x, one=one, other=against, t=time)
    if not same:
        x, two, opposite = (x, opposite, two) if chance.random() < 0.75 else (y, two, opposite)
    return first, other.format(x=x, one=two, other=opposite, t=time)


CONSTRUCTIONS = (_deed, _transfer, _comparison, _quality)


def tell(chance: Random) -> tuple[str, str]:
    """Two sentences and whether they say the same."""
    same = chance.random() < 0.5
    pair = list(chance.choice(CONSTRUCTIONS)(same, chance))
    chance.shuffle(pair)
    return f"First: {sentence(pair[0])}. Second: {sentence(pair[1])}.", "yes" if same else "no"


LABELS = ("no", "yes")
RECIPES = {
    "sentence_paraphrase": Recipe(tell, Accuracy(), LABELS),
    "question_paraphrase": Recipe(ask, Accuracy(), LABELS),
}
