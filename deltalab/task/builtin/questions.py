"""Acceptability of questions: the order of subject and auxiliary, the gap, and the form of the verb.

A direct question puts the auxiliary first and a reported one does not, a question for a thing leaves its place empty
and a question for the deed does not: what is right in one row is wrong in another.
"""

from __future__ import annotations

from random import Random

from deltalab.task.builtin.recipe import Recipe, sentence, words
from deltalab.task.builtin.vocabulary.deeds import DEEDS
from deltalab.task.builtin.vocabulary.people import NAMES, PERSONS
from deltalab.task.builtin.vocabulary.places import PLACES
from deltalab.task.builtin.vocabulary.things import THINGS
from deltalab.task.metric.matthews import Matthews

__all__ = ["RECIPES"]

MODALS = words("will can must should could would may")
PLACED = words("where when why how")
# never without an object
TRANSITIVE = words("""
find keep bring take hold send make mend wrap describe lift bury touch admire like praise repair cover need use examine
damage ruin recognize drag
""")
REPORTED = words("""
Mary asked, the judge wondered, nobody knew, the police found out, my uncle forgot, we all guessed, the letter said,
her sister remembered, the children saw, the book explained, I did not know, they told us, you never said
""")

Pair = tuple[str, str]  # the right question, the wrong one


def _order(chance: Random) -> Pair:
    """Why did Tom; Mary asked why Tom did."""
    who, verb, thing = _who(chance), chance.choice(DEEDS).base, _thing(chance)
    modal = chance.choice(MODALS)
    asked, rest = chance.choice((("what", verb), (chance.choice(PLACED), f"{verb} {thing}")))
    direct, reported = f"{asked} {modal} {who} {rest}", f"{asked} {who} {modal} {rest}"
    if chance.random() < 0.5:
        return f"{direct}?", f"{reported}?"
    frame = f"{chance.choice(REPORTED)} {{}}."
    return frame.format(reported), frame.format(direct)


def _gap(chance: Random) -> Pair:
    """What did Tom buy; did Tom buy the hat."""
    verb, thing, room = chance.choice(TRANSITIVE), _thing(chance), f" in the {chance.choice(PLACES)}"
    asked = f"{chance.choice(('did', *MODALS))} {_who(chance)} {verb}"
    after = chance.choice(("", room))
    if chance.random() < 0.5:
        return f"what {asked}{after}?", f"what {asked} {thing}{after}?"
    return f"{asked} {thing}{after}?", f"{asked}{after}?"


def _which(chance: Random) -> Pair:
    """Which hat did Tom buy; not: which did Tom buy hat."""
    noun, verb = chance.choice(THINGS), chance.choice(DEEDS).base
    asked = f"{chance.choice(('did', *MODALS))} {_who(chance)} {verb}"
    which = chance.choice(("which", "whose", "what"))
    return f"{which} {noun} {asked}?", f"{which} {asked} {noun}?"


def _form(chance: Random) -> Pair:
    """Who bought the hat, did Tom buy it; not: who buy the hat, did Tom bought it."""
    deed, thing, who = chance.choice(DEEDS), _thing(chance), _who(chance)
    if chance.random() < 0.5:
        when = chance.choice(words("yesterday, last night, last week, an hour ago"))
        return f"who {deed.past} {thing} {when}?", f"who {deed.base} {thing} {when}?"
    frame = f"did {who} {{}} {thing}?"
    return frame.format(deed.base), frame.format(deed.past)


def _who(chance: Random) -> str:
    return chance.choice((chance.choice(NAMES), f"the {chance.choice(PERSONS)}"))


def _thing(chance: Random) -> str:
    return f"the {chance.choice(THINGS)}"


CONSTRUCTIONS = (_order, _order, _gap, _which, _form)


def draw(chance: Random) -> tuple[str, str]:
    """One question and its label."""
    acceptable = chance.random() < 0.5
    text = chance.choice(CONSTRUCTIONS)(chance)[0 if acceptable else 1]
    return sentence(text), "acceptable" if acceptable else "unacceptable"


RECIPES = {"question_acceptability": Recipe(draw, Matthews(), ("acceptable", "unacceptable"))}
