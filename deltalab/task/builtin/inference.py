"""Natural language inference over small events.

Premise and hypothesis say that somebody did, or did not do, something; the hypothesis is the same event, a more general
one (a detail dropped, somebody), a more specific one (a detail added) or another. What follows depends on both
polarities: what a positive sentence passes on to the general, a negative one passes on to the specific.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import final

from deltalab.task.builtin.recipe import Recipe
from deltalab.task.builtin.verbs import COLOURS, PEOPLE, PLACES, VERBS, Verb
from deltalab.task.metric.accuracy import Accuracy

__all__ = ["RECIPES"]

LABELS = ("contradiction", "entailment", "neutral")
RELATIONS = ("same", "general", "specific", "other")


@final
@dataclass(frozen=True)
class Event:
    """Who did what to which thing where; `who`, `colour` and `place` may be left open."""

    who: str | None
    verb: Verb
    thing: str
    colour: str | None
    place: str | None

    def told(self, positive: bool) -> str:
        """The event as a sentence, or its denial."""
        who = f"The {self.who}" if self.who else ("Somebody" if positive else "Nobody")
        denied = not positive and self.who is not None
        verb = f"did not {self.verb.base}" if denied else self.verb.past
        colour = f"{self.colour} " if self.colour else ""
        return f"{who} {verb} a {colour}{self.thing}{f' {self.place}' if self.place else ''}."


def label(premise: bool, hypothesis: bool, relation: str) -> str:
    """What a premise of that polarity says of a hypothesis of that polarity about an event so related."""
    if relation != "same" and relation != ("general" if premise else "specific"):
        return "neutral"
    return "entailment" if premise == hypothesis else "contradiction"


CELLS = {
    answer: tuple(
        (premise, hypothesis, relation)
        for premise in (True, False)
        for hypothesis in (True, False)
        for relation in RELATIONS
        if label(premise, hypothesis, relation) == answer
    )
    for answer in LABELS
}


def draw(chance: Random) -> tuple[str, str]:
    """One pair and its label, the three labels equally likely."""
    answer = chance.choice(LABELS)
    premise, hypothesis, relation = chance.choice(CELLS[answer])
    verb = chance.choice(VERBS)
    who, thing, colour = chance.choice(PEOPLE), chance.choice(verb.objects), chance.choice(COLOURS)
    event = Event(who, verb, thing, colour, chance.choice(PLACES))
    bare = replace(event, colour=None) if chance.random() < 0.5 else replace(event, place=None)
    told, asked = event, event
    if relation == "same":
        told = asked = chance.choice((event, bare))
    elif relation == "general":
        asked = chance.choice((bare, replace(event, who=None)))
    elif relation == "specific":
        told = bare
    else:
        asked = _other(event, chance)
    return f"{told.told(premise)} Question: {asked.told(hypothesis)}", answer


def _other(event: Event, chance: Random) -> Event:
    """The event with another person, thing or place, of which the first tells nothing."""
    kind = chance.randrange(3)
    if kind == 0:
        return replace(event, who=_but(event.who, PEOPLE, chance))
    if kind == 1:
        return replace(event, thing=_but(event.thing, event.verb.objects, chance))
    return replace(event, place=_but(event.place, PLACES, chance))


def _but(old: str | None, pool: Sequence[str], chance: Random) -> str:
    return chance.choice([word for word in pool if word != old])


RECIPES = {"inference": Recipe(draw, Accuracy(), LABELS)}
