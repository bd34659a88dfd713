"""Sentiment of short reviews: one skill, two domains.

A review says what it thinks in clauses that may be negated; two clauses may agree or stand in contrast, and the
connective tells which of them decides; an opening may carry a strong word that is no judgement of the writer. So the
label follows from the structure, and a bag of words sees little of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from random import Random
from typing import final

from deltalab.task.builtin.recipe import Recipe, sentence, words
from deltalab.task.metric.accuracy import Accuracy

__all__ = ["RECIPES"]

NEGATED, CONTRAST, AGREE, OPENING = 0.15, 0.2, 0.25, 0.2

PLAIN = (
    "{aspect} was {word}",
    "{aspect} was very {word}",
    "{aspect} was really {word}",
    "{aspect} seemed quite {word}",
    "I found {aspect} {word}",
    "everyone called {aspect} {word}",
)
DENIED = (
    "{aspect} was not {word}",
    "{aspect} was never {word}",
    "{aspect} was hardly {word}",
    "{aspect} was anything but {word}",
    "I did not find {aspect} {word}",
    "nobody called {aspect} {word}",
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
PEOPLE = words("brother sister mother father friend uncle cousin neighbour")


@final
@dataclass(frozen=True)
class Domain:
    """What is judged and with which words; openings say something else with a strong {word}."""

    aspects: tuple[str, ...]
    good: tuple[str, ...]
    bad: tuple[str, ...]
    openings: tuple[str, ...]


GOOD = words("wonderful excellent delightful splendid lovely superb perfect charming")
BAD = words("terrible awful dreadful poor disappointing horrible miserable dull")
LIKED = words("enjoy enjoyed, love loved, like liked, praise praised, admire admired")
DISLIKED = words("hate hated, dislike disliked, regret regretted, despise despised, resent resented")

MOVIE = Domain(
    words(
        "the plot, the acting, the ending, the music, the hero, the story, the script, the dialogue, the scenery, "
        "the first half, the last scene, the leading lady, the whole film"
    ),
    (*GOOD, *words("moving clever gripping funny exciting touching original")),
    (*BAD, *words("boring slow clumsy silly confusing tedious shallow")),
    words("we saw it on a {word} evening, my {person} had called it {word}, I came home from a {word} day at work"),
)
RESTAURANT = Domain(
    words(
        "the soup, the bread, the fish, the meat, the wine, the coffee, the dessert, the waiter, the service, "
        "the kitchen, the first course, the little room, the whole dinner"
    ),
    (*GOOD, *words("delicious fresh tender friendly warm generous tasty")),
    (*BAD, *words("cold greasy stale rude bitter burnt tasteless")),
    words("we came there on a {word} night, my {person} had called it {word}, it had been a {word} week for me"),
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
        opening = chance.choice(domain.openings).format(word=word, person=chance.choice(PEOPLE))
        text = f"{sentence(opening)}. {text}"
    return text, "positive" if positive else "negative"


def _clause(domain: Domain, positive: bool, chance: Random) -> str:
    """A judgement; a denied one takes its word from the other side."""
    denied = chance.random() < NEGATED
    aspect, good = chance.choice(domain.aspects), positive != denied
    if chance.random() < 0.7:
        word = chance.choice(domain.good if good else domain.bad)
        return chance.choice(DENIED if denied else PLAIN).format(aspect=aspect, word=word)
    base, past = chance.choice(LIKED if good else DISLIKED).split()
    return f"I did not {base} {aspect}" if denied else f"I {past} {aspect}"


LABELS = ("negative", "positive")
RECIPES = {
    "movie_sentiment": Recipe(partial(draw, MOVIE), Accuracy(), LABELS),
    "restaurant_sentiment": Recipe(partial(draw, RESTAURANT), Accuracy(), LABELS),
}
