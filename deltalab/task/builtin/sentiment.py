"""Sentiment of short reviews: one skill, five domains.

A review says what it thinks in clauses that may be negated; two clauses may agree or stand in contrast, and the
connective tells which of them decides; an opening may carry a strong word that is no judgement of the writer. So the
label follows from the structure, and a bag of words sees little of it.
"""

from __future__ import annotations

from functools import partial
from random import Random

from deltalab.task.builtin.lexicon.article import articled
from deltalab.task.builtin.lexicon.book import BOOK
from deltalab.task.builtin.lexicon.hotel import HOTEL
from deltalab.task.builtin.lexicon.movie import MOVIE
from deltalab.task.builtin.lexicon.opinion import BAD, DISLIKED, GOOD, LIKED, RELATIVES, Domain
from deltalab.task.builtin.lexicon.product import PRODUCT
from deltalab.task.builtin.lexicon.restaurant import RESTAURANT
from deltalab.task.builtin.recipe import Recipe, sentence
from deltalab.task.metric.accuracy import Accuracy

__all__ = ["RECIPES"]

NEGATED, CONTRAST, AGREE, OPENING = 0.2, 0.25, 0.25, 0.25
SHARED = 0.5
"""How often a judgement uses a word that every domain knows."""

PLAIN = (
    "{aspect} was {word}",
    "{aspect} was really {word}",
    "{aspect} was truly {word}",
    "{aspect} seemed {word} to me",
    "I found {aspect} {word}",
    "everyone called {aspect} {word}",
    "{aspect} turned out to be {word}",
    "I thought {aspect} was {word}",
)
DENIED = (
    "{aspect} was not {word}",
    "{aspect} was never {word}",
    "{aspect} was hardly {word}",
    "{aspect} was anything but {word}",
    "I did not find {aspect} {word}",
    "nobody called {aspect} {word}",
    "{aspect} was far from {word}",
    "I don't think {aspect} was {word}",
)
# the clause that decides is `main`, wherever it stands
OPPOSED = (
    "{other}, but {main}",
    "although {other}, {main}",
    "{main}, even though {other}",
    "{main}, although {other}",
    "{other}. Still, {main}",
    "{other}; all the same, {main}",
)


def draw(domain: Domain, chance: Random) -> tuple[str, str]:
    """One review and its label."""
    positive = chance.random() < 0.5
    kind = chance.random()
    text = _clause(domain, positive, chance)
    if kind < CONTRAST:
        text = chance.choice(OPPOSED).format(main=text, other=_clause(domain, not positive, chance))
    elif kind < CONTRAST + AGREE:
        text = f"{text}, and {_clause(domain, positive, chance)}"
    text = f"{sentence(text)}."
    if chance.random() < OPENING:
        word = chance.choice(GOOD + BAD)
        opening = chance.choice(domain.openings).format(word=word, person=chance.choice(RELATIVES))
        text = articled(f"{sentence(opening)}. {text}")
    return text, "positive" if positive else "negative"


def _clause(domain: Domain, positive: bool, chance: Random) -> str:
    """A judgement; a denied one takes its word from the other side."""
    denied = chance.random() < NEGATED
    kind, good = chance.choice(domain.kinds), positive != denied
    aspect = chance.choice(kind.aspects)
    if chance.random() < 0.75:
        own, shared = (kind.good, GOOD) if good else (kind.bad, BAD)
        word = chance.choice(shared if chance.random() < SHARED else own)
        return chance.choice(DENIED if denied else PLAIN).format(aspect=aspect, word=word)
    base, past = chance.choice(LIKED if good else DISLIKED).split()
    return f"I did not {base} {aspect}" if denied else f"I {past} {aspect}"


DOMAINS = {"movie": MOVIE, "restaurant": RESTAURANT, "book": BOOK, "hotel": HOTEL, "product": PRODUCT}
LABELS = ("negative", "positive")
RECIPES = {f"{name}_sentiment": Recipe(partial(draw, domain), Accuracy(), LABELS) for name, domain in DOMAINS.items()}
