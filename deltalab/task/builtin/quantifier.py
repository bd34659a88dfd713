"""Inference with quantifiers: what all, most, some, few, no and not all say about classes and their subclasses.

`few` means some but less than half, `most` more than half, and no class is empty. The hypothesis is about the same
class, a narrower or a wider one, or it is about something else.
"""

from __future__ import annotations

from random import Random

from deltalab.task.builtin.lexicon.classes import CLASSES, Class
from deltalab.task.builtin.recipe import Recipe, sentence, words
from deltalab.task.metric.accuracy import Accuracy

__all__ = ["RECIPES"]

LABELS = ("contradiction", "entailment", "neutral")
OTHER, QUALIFIED = 0.35, 0.5

QUANTIFIERS = {
    "all": words("all, all of the, all the"),
    "most": words("most, most of the, the majority of the"),
    "some": words("some, some of the, at least some of the"),
    "few": words("few, few of the, only a few of the"),
    "no": words("no, none of the"),
    "not all": words("not all, not all of the, not all the"),
}
# rows: the premise; columns: the hypothesis, in the order of QUANTIFIERS; c, e, n: the label
SAME = {
    "all": "eeeccc",
    "most": "neeccn",
    "some": "nnencn",
    "few": "cceece",
    "no": "ccccee",
    "not all": "cnnnne",
}
NARROWER = {"all": "eeeccc", "most": "nnnnnn", "some": "nnnnnn", "few": "nnnnnn", "no": "ccccee", "not all": "nnnnnn"}
WIDER = {"all": "nnencn", "most": "nnencn", "some": "nnencn", "few": "cnence", "no": "cnnnne", "not all": "cnnnne"}
TABLES = {"same": SAME, "narrower": NARROWER, "wider": WIDER}

Cell = tuple[str, str, str]  # the relation and the two quantifiers

CELLS: dict[str, tuple[Cell, ...]] = {
    label: tuple(
        (relation, premise, hypothesis)
        for relation, table in TABLES.items()
        for premise, row in table.items()
        for hypothesis, letter in zip(QUANTIFIERS, row, strict=True)
        if letter == label[0] and (relation != "same" or premise != hypothesis)
    )
    for label in LABELS
}


def draw(chance: Random) -> tuple[str, str]:
    """One pair and its label, the three labels equally likely."""
    label = chance.choice(LABELS)
    group = chance.choice(CLASSES)
    place = chance.choice(group.places)
    said, asked = chance.sample(group.predicates, 2)
    if label == "neutral" and chance.random() < OTHER:
        relation, first, second = chance.choice([cell for cells in CELLS.values() for cell in cells])
    else:
        relation, first, second = chance.choice(CELLS[label])
        asked = said
    told, questioned = _nouns(group, relation, chance)
    premise = _statement(first, f"{told} {place} {said}", chance)
    hypothesis = _statement(second, f"{questioned} {place} {asked}", chance)
    return f"Premise: {premise} Hypothesis: {hypothesis}", label


def _nouns(group: Class, relation: str, chance: Random) -> tuple[str, str]:
    """What the premise and what the hypothesis speaks of."""
    kind = chance.choice(group.kinds)
    quality = chance.choice(group.qualities)
    if relation == "same":
        noun = chance.choice((group.general, kind, f"{quality} {kind}"))
        return noun, noun
    narrow, wide = kind, group.general
    if chance.random() < QUALIFIED:
        wide = chance.choice((group.general, kind))
        narrow = f"{quality} {wide}"
    return (wide, narrow) if relation == "narrower" else (narrow, wide)


def _statement(quantifier: str, rest: str, chance: Random) -> str:
    return f"{sentence(chance.choice(QUANTIFIERS[quantifier]))} {rest}."


RECIPES = {"quantifier_inference": Recipe(draw, Accuracy(), LABELS)}
