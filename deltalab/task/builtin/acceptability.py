"""Linguistic acceptability: is this English?

Six constructions, each as a pair that differs in one form or in word order. Every form is right in some rows and wrong
in others, so no single word tells the label.
"""

from __future__ import annotations

from random import Random

from deltalab.task.builtin.recipe import Recipe, sentence, words
from deltalab.task.builtin.verbs import COLOURS, PEOPLE, PLACES, VERBS, Verb
from deltalab.task.metric.matthews import Matthews

__all__ = ["RECIPES"]

ACCEPTABLE = 0.55

NOUNS = words("boy girl dog horse king queen farmer sailor teacher painter hunter baker")
MEN = words("king boy father uncle brother husband gentleman monk")
WOMEN = words("queen girl mother aunt sister wife lady nun")
BLAMED = words("blamed hurt praised saw taught warned hid admired")
OUTER = words("yesterday, at last, in the end, that day, once more, before dinner")
CHANGED = tuple(verb for verb in VERBS if verb.past != verb.participle)

Pair = tuple[str, str]  # the right sentence, the wrong one


def _agreement(chance: Random) -> Pair:
    """Subject and verb agree in number across a noun in between that may differ."""
    noun, between = chance.sample(NOUNS, 2)
    verb, thing = _deed(chance)
    plural, attractor = chance.random() < 0.5, chance.choice(("", "s"))
    subject = (
        f"the {noun}{'s' if plural else ''} {chance.choice(('near', 'behind', 'beside'))} the {between}{attractor}"
    )
    right, wrong = (verb.base, verb.third) if plural else (verb.third, verb.base)
    return f"{subject} {right} the {thing}", f"{subject} {wrong} the {thing}"


def _form(chance: Random) -> Pair:
    """Past, participle and base form each after its own auxiliary."""
    verb = chance.choice(CHANGED)
    forms = {"": verb.past, "has ": verb.participle, "had already ": verb.participle, "did not ": verb.base}
    auxiliary, right = chance.choice(tuple(forms.items()))
    wrong = chance.choice([form for form in (verb.past, verb.participle, verb.base) if form != right])
    frame = f"the {chance.choice(NOUNS)} {auxiliary}{{}} the {chance.choice(verb.objects)}"
    return frame.format(right), frame.format(wrong)


def _reflexive(chance: Random) -> Pair:
    """A reflexive agrees in gender with its subject, not with the noun next to it."""
    sides = [(MEN, "himself"), (WOMEN, "herself")]
    chance.shuffle(sides)
    (own, right), (foreign, wrong) = sides
    helper = f" who {chance.choice(BLAMED)} the {chance.choice(foreign)}" if chance.random() < 0.6 else ""
    frame = f"the {chance.choice(own)}{helper} {chance.choice(BLAMED)}"
    return f"{frame} {right}", f"{frame} {wrong}"


def _determiner(chance: Random) -> Pair:
    """A determiner and its noun agree in number, an adjective between them."""
    verb, thing = _deed(chance)
    plural = chance.random() < 0.5
    right, wrong = chance.choice((("this", "these"), ("that", "those")))[:: -1 if plural else 1]
    noun = f"{chance.choice(COLOURS)} {thing if not plural else _plural(thing)}"
    frame = f"the {chance.choice(NOUNS)} {verb.past} {{}} {noun}"
    return frame.format(right), frame.format(wrong)


def _order(chance: Random) -> Pair:
    """Article, adjective, noun: in that order."""
    verb, thing = _deed(chance)
    colour, frame = chance.choice(COLOURS), f"the {chance.choice(NOUNS)} {verb.past} {{}} {chance.choice(PLACES)}"
    wrong = chance.choice((f"the {thing} {colour}", f"{colour} the {thing}"))
    return frame.format(f"the {colour} {thing}"), frame.format(wrong)


def _question(chance: Random) -> Pair:
    """A question for the thing leaves its place empty; a question for the deed does not."""
    verb, thing = _deed(chance)
    asked = f"the {chance.choice(PEOPLE)} {verb.base}"
    full, empty = f"did {asked} the {thing}", f"did {asked}"
    return (f"what {empty}", f"what {full}") if chance.random() < 0.5 else (full, empty)


def _deed(chance: Random) -> tuple[Verb, str]:
    verb = chance.choice(VERBS)
    return verb, chance.choice(verb.objects)


def _plural(noun: str) -> str:
    return {"knife": "knives", "mouse": "mice", "wolf": "wolves", "fish": "fishes", "story": "stories"}.get(
        noun, f"{noun}es" if noun.endswith(("x", "ss", "ch", "s")) else f"{noun}s"
    )


CONSTRUCTIONS = (_agreement, _form, _reflexive, _determiner, _order, _question)


def draw(chance: Random) -> tuple[str, str]:
    """One sentence and its label."""
    construction = chance.choice(CONSTRUCTIONS)
    acceptable = chance.random() < ACCEPTABLE
    text = construction(chance)[0 if acceptable else 1]
    if construction is not _question and chance.random() < 0.5:
        text = f"{chance.choice(OUTER)} {text}"
    mark = "?" if construction is _question else "."
    return f"{sentence(text)}{mark}", "acceptable" if acceptable else "unacceptable"


RECIPES = {"acceptability": Recipe(draw, Matthews(), ("acceptable", "unacceptable"))}
