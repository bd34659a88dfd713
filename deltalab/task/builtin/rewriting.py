"""Rewriting a sentence: from the present tense into the past, from yes to no."""

from __future__ import annotations

from random import Random

from deltalab.task.builtin.recipe import Recipe, sentence
from deltalab.task.builtin.verbs import COLOURS, PEOPLE, PLACES, VERBS
from deltalab.task.builtin.vocabulary.deeds import DEEDS
from deltalab.task.builtin.vocabulary.people import NAMES, PERSONS
from deltalab.task.builtin.vocabulary.places import PLACES as ROOMS
from deltalab.task.builtin.vocabulary.things import QUALITIES, THINGS, plural
from deltalab.task.metric.squad import ExactMatch

__all__ = ["RECIPES"]

TWO = 0.4


def draw(chance: Random) -> tuple[str, str]:
    """A sentence of one clause or two, and the same with each verb in the past; nothing else changes."""
    plural = chance.random() < 0.4
    who = f"the {chance.choice(PEOPLE)}{'s' if plural else ''}"
    now, then = [], []
    for _ in range(2 if chance.random() < TWO else 1):
        verb = chance.choice(VERBS)
        colour = f"{chance.choice(COLOURS)} " if chance.random() < 0.4 else ""
        thing = f"the {colour}{chance.choice(verb.objects)}"
        now.append(f"{verb.base if plural else verb.third} {thing}")
        then.append(f"{verb.past} {thing}")
    place = f" {chance.choice(PLACES)}" if len(now) == 1 else ""
    return tuple(f"{sentence(who)} {' and '.join(deeds)}{place}." for deeds in (now, then))  # type: ignore[return-value]


AUXILIARIES = ("will", "can", "must", "may", "should")


def negated(chance: Random) -> tuple[str, str]:
    """A sentence and its denial: `not` after an auxiliary, else `did not`, `does not` or `do not` and the base form."""
    person, thing, many = chance.choice(PERSONS), chance.choice(THINGS), chance.random() < 0.3
    who = f"the {plural(person)}" if many else chance.choice((chance.choice(NAMES), f"the {person}"))
    deed, rest = chance.choice(DEEDS), f" the {thing}"
    kind = chance.randrange(6)
    if kind == 0:
        verb = chance.choice(("are", "were") if many else ("is", "was"))
        yes, no, rest = verb, f"{verb} not", f" in the {chance.choice(ROOMS)}"
    elif kind == 1:
        verb = chance.choice(AUXILIARIES)
        yes, no = f"{verb} {deed.base}", f"{verb} not {deed.base}"
    elif kind == 2:
        yes, no = (deed.base, f"do not {deed.base}") if many else (deed.third, f"does not {deed.base}")
    else:
        yes, no = deed.past, f"did not {deed.base}"
    if kind and chance.random() < 0.4:
        rest = f" the {chance.choice(QUALITIES)} {thing}"
    return f"{sentence(who)} {yes}{rest}.", f"{sentence(who)} {no}{rest}."


RECIPES = {"past_tense": Recipe(draw, ExactMatch()), "negated_sentence": Recipe(negated, ExactMatch())}
