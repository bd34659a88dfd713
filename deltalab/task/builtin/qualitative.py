"""Qualitative reasoning: something changes, and something that depends on it grows or shrinks.

The direction of the change is told by a word or by a denial of its opposite; the relation is told in half of the rows,
else known from everyday life.
"""

from __future__ import annotations

from random import Random

from deltalab.task.builtin.recipe import Recipe, sentence
from deltalab.task.builtin.relations import RELATIONS, Relation, Scale
from deltalab.task.builtin.vocabulary.people import NAMES, PERSONS
from deltalab.task.metric.accuracy import Accuracy

__all__ = ["RECIPES"]

TOLD, INVERTED = 0.5, 0.25

CHANGED = (
    "If {cause} is {change}, is {effect} more or less {quality}?",
    "If {cause} becomes {change}, does {effect} become more or less {quality}?",
    "{who} says that {cause} is {change}. Is {effect} then more or less {quality}?",
    "{who} finds {cause} {change} than before. Is {effect} now more or less {quality}?",
    "Suppose, like {who}, that {cause} is {change}. Will {effect} be more or less {quality}?",
    "{cause} got {change}, {who} noticed. Did {effect} become more or less {quality}?",
)


def draw(chance: Random) -> tuple[str, str]:
    """A change, a question, and whether the quality asked for grows or shrinks."""
    relation = chance.choice(RELATIONS)
    grows = chance.random() < 0.5
    who = chance.choice((chance.choice(NAMES), f"the {chance.choice(PERSONS)}"))
    parts = {"cause": relation.cause, "effect": relation.effect, "quality": relation.quality, "who": who}
    change = _change(relation.scale, grows, chance)
    text = sentence(chance.choice(CHANGED).format(change=change, **parts))
    if chance.random() < TOLD:
        text = f"{_rule(relation, chance.random() < 0.5)} {text}"
    return text, "more" if grows == relation.rises else "less"


def _change(scale: Scale, grows: bool, chance: Random) -> str:
    """Heavier, or less light."""
    if chance.random() < INVERTED:
        return f"less {scale.low if grows else scale.high}"
    return scale.higher if grows else scale.lower


def _rule(relation: Relation, grows: bool) -> str:
    change = relation.scale.higher if grows else relation.scale.lower
    result = "more" if grows == relation.rises else "less"
    return f"When {relation.cause} is {change}, {relation.effect} is {result} {relation.quality}."


RECIPES = {"qualitative_reasoning": Recipe(draw, Accuracy(), ("less", "more"))}
