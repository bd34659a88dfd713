"""How many points a review gives, from 1.0 to 5.0.

The side comes from the judgement, its distance from the middle from the degree adverb (slightly 0.5, fairly 1.0, very
1.5, extremely 2.0; none 1.0). A denied judgement lies on the other side (not 1.0, not very 0.5, not at all 1.5), and a
concession takes 0.3 from what the deciding clause says. What others said or were hoping for does not count.
"""

from __future__ import annotations

from random import Random

from deltalab.task.builtin.lexicon.book import BOOK
from deltalab.task.builtin.lexicon.hotel import HOTEL
from deltalab.task.builtin.lexicon.movie import MOVIE
from deltalab.task.builtin.lexicon.opinion import RELATIVES, Domain
from deltalab.task.builtin.lexicon.product import PRODUCT
from deltalab.task.builtin.lexicon.restaurant import RESTAURANT
from deltalab.task.builtin.recipe import Recipe, sentence, words
from deltalab.task.metric.correlation import Pearson

__all__ = ["RECIPES"]

DENIED, CONCEDED, HEARSAY = 0.25, 0.25, 0.3
MIDDLE, CONCESSION = 3.0, 0.3
LOWEST, HIGHEST = 10, 50
"""The scale in tenths of a point."""

GOOD = words(
    "pleasant agreeable enjoyable satisfying impressive likeable charming appealing attractive remarkable admirable "
    "decent delightful nice good lovely pleasing convincing interesting commendable inviting useful worthwhile "
    "elegant refreshing reassuring amusing welcome valuable sensible popular rewarding promising memorable favourable"
)
BAD = words(
    "unpleasant disappointing unsatisfying irritating annoying unattractive tiresome frustrating poor bad dull dreary "
    "mediocre awkward embarrassing unappealing upsetting depressing disagreeable weak troublesome questionable "
    "forgettable painful gloomy unconvincing ugly boring regrettable strange unfortunate crude bleak alarming shabby"
)
DEGREES = {
    0.5: words("slightly, a little, somewhat, a bit, mildly"),
    1.0: words("fairly, rather, quite, reasonably, moderately"),
    1.5: words("very, really, truly, thoroughly, seriously"),
    2.0: words("extremely, incredibly, exceptionally, unbelievably, insanely"),
}
DENIALS = {
    0.5: words("not very, not really, not particularly, not exactly"),
    1.0: words("not, never, hardly"),
    1.5: words("not at all, not in the least, in no way, not remotely"),
}
FRAMES = (
    "{aspect} was {words}",
    "{aspect} seemed {words}",
    "{aspect} looked {words} to me",
    "for us {aspect} was {words}",
    "in my opinion {aspect} was {words}",
)
OPPOSED = (
    "{other}, but {main}",
    "although {other}, {main}",
    "{main}, even though {other}",
    "{main}, although {other}",
    "{other}. Still, {main}",
)
OTHERS = (
    "my {person} had called it {words}",
    "an advertisement said it was {words}",
    "we were hoping for something {words}",
    "last year it was {words}",
    "the neighbours think it is {words}",
    "I had expected something {words}",
    "my {person} still says it is {words}",
)
DOMAINS = (MOVIE, RESTAURANT, BOOK, HOTEL, PRODUCT)


def draw(chance: Random) -> tuple[str, str]:
    """One review and its number of points, with one decimal."""
    domain, side = chance.choice(DOMAINS), chance.choice((-1, 1))
    text, distance = _clause(domain, side, chance)
    if chance.random() < CONCEDED:
        other, _ = _clause(domain, -side, chance)
        text, distance = chance.choice(OPPOSED).format(main=text, other=other), distance - CONCESSION
    text = f"{sentence(text)}."
    if chance.random() < HEARSAY:
        said = f"{_degree(chance)[0]} {chance.choice(GOOD + BAD)}"
        opening = chance.choice(OTHERS).format(person=chance.choice(RELATIVES), words=said)
        text = f"{sentence(opening)}. {text}"
    return text, f"{MIDDLE + side * distance:.1f}"


def _clause(domain: Domain, side: int, chance: Random) -> tuple[str, float]:
    """A judgement and how far from the middle it lies; a denied one takes its word from the other side."""
    denied = chance.random() < DENIED
    if denied:
        distance = chance.choice(tuple(DENIALS))
        adverb = chance.choice(DENIALS[distance])
    else:
        adverb, distance = _degree(chance) if chance.random() < 0.85 else ("", 1.0)
    word = chance.choice(GOOD if (side > 0) != denied else BAD)
    said = f"{adverb} {word}".strip()
    return chance.choice(FRAMES).format(aspect=chance.choice(domain.aspects), words=said), distance


def _degree(chance: Random) -> tuple[str, float]:
    distance = chance.choice(tuple(DEGREES))
    return chance.choice(DEGREES[distance]), distance


def misjudge(output: str, chance: Random) -> str:
    """Any other number of points."""
    scale = (f"{tenths / 10:.1f}" for tenths in range(LOWEST, HIGHEST + 1))
    return chance.choice([points for points in scale if points != output])


RECIPES = {"review_rating": Recipe(draw, Pearson(), mistake=misjudge)}
