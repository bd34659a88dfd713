"""Pairs about `ever` and `any`: words that need a negation, in the right place."""

from __future__ import annotations

from random import Random

from deltalab.task.builtin.recipe import words
from deltalab.task.builtin.vocabulary.deeds import DEEDS
from deltalab.task.builtin.vocabulary.people import NAMES, PERSONS
from deltalab.task.builtin.vocabulary.things import THINGS, plural

__all__ = ["polarity"]

DONE = words("""
smiled laughed slept danced swum shouted whispered waited complained cried fallen travelled failed lied cheated sung
prayed helped listened apologized
""")
DID = words("left won lost spoke worked lied laughed sang ran fell paid fought smiled slept waited listened")
MET = words("met seen known helped liked praised blamed taught visited painted")
TIMES = words("before, in this house, at night, in the rain, on a Sunday, during dinner, in public, without a reason")
# the first of each is a negation
SINGULAR = (("nobody", "somebody"), ("nobody", "everybody"), ("no {}", "the {}"), ("no {}", "some {}"))
PLURAL = (("few {}", "many {}"), ("none of the {}", "all of the {}"), ("hardly any {}", "most {}"))
OFTEN = (("never", "often"), ("rarely", "sometimes"), ("hardly ever", "almost always"))


def polarity(chance: Random) -> tuple[str, str]:
    """A sentence whose negation stands over `ever` or `any`, and one where it is missing or stands elsewhere."""
    return chance.choice((_subject, _ever_beyond_a_clause, _adverb, _any_beyond_a_clause))(chance)


def _subject(chance: Random) -> tuple[str, str]:
    """Nobody has ever; not: somebody has ever."""
    person, other = chance.sample(PERSONS, 2)
    many = chance.random() < 0.4
    where = chance.choice(("", "", f" near the {other}", f" beside {chance.choice(NAMES)}"))
    frame = f"{{}}{where} {'have' if many else 'has'} ever {_done(chance)}"
    noun = plural(person) if many else person
    right, wrong = chance.choice(PLURAL if many else SINGULAR)
    return frame.format(right.format(noun)), frame.format(wrong.format(noun))


def _ever_beyond_a_clause(chance: Random) -> tuple[str, str]:
    """A negation inside a relative clause does not reach what follows the clause."""
    person, other = chance.sample(PERSONS, 2)
    frame = f"{{}} {person} who has {chance.choice(MET)} {{}} {other} has ever {_done(chance)}"
    return frame.format("no", "the"), frame.format("the", "no")


def _adverb(chance: Random) -> tuple[str, str]:
    """Never saw any; not: often saw any."""
    who = chance.choice((chance.choice(NAMES), f"the {chance.choice(PERSONS)}"))
    frame = f"{who} {{}} {chance.choice(DEEDS).past} any {plural(chance.choice(THINGS))} {chance.choice(TIMES)}"
    right, wrong = chance.choice(OFTEN)
    return frame.format(right), frame.format(wrong)


def _any_beyond_a_clause(chance: Random) -> tuple[str, str]:
    """Who smiled never saw any; not: who never smiled saw any."""
    who, did, deed = chance.choice(PERSONS), chance.choice(DID), chance.choice(DEEDS)
    things, word = plural(chance.choice(THINGS)), chance.choice(("never", "rarely"))
    before, after = f"the {who} who {did}", f"{deed.past} any {things}"
    return f"{before} {word} {after}", f"the {who} who {word} {did} {after}"


def _done(chance: Random) -> str:
    return f"{chance.choice(DONE)} {chance.choice(TIMES)}"
