"""Rewriting a sentence: from the present tense into the past."""

from __future__ import annotations

from random import Random

from deltalab.task.builtin.recipe import Recipe, sentence
from deltalab.task.builtin.verbs import COLOURS, PEOPLE, PLACES, VERBS
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


RECIPES = {"past_tense": Recipe(draw, ExactMatch())}
