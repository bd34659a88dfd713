"""What somebody can do to a thing that a hand can carry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from deltalab.task.builtin.recipe import words

__all__ = ["DEEDS", "Deed", "third"]


@final
@dataclass(frozen=True)
class Deed:
    """`base` (they buy) and `past` (she bought) of a transitive verb."""

    base: str
    past: str

    @property
    def third(self) -> str:
        """The form after he or she (she buys)."""
        return third(self.base)


def third(base: str) -> str:
    """The form of a regular verb after he or she."""
    if base.endswith("y") and base[-2] not in "aeiou":
        return f"{base[:-1]}ies"
    return f"{base}es" if base.endswith(("s", "x", "ch", "sh", "o", "zz")) else f"{base}s"


_TABLE = words("""
buy bought, sell sold, find found, lose lost, hide hid, break broke, take took, steal stole, bring brought, keep kept,
choose chose, forget forgot, throw threw, hold held, send sent, see saw, draw drew, get got, lend lent, leave left,
make made, clean cleaned, carry carried, drop dropped, paint painted, mend mended, wash washed, borrow borrowed, want
wanted, wrap wrapped, show showed, describe described, move moved, lift lifted, push pushed, pull pulled, burn burned,
bury buried, return returned, notice noticed, touch touched, admire admired, like liked, praise praised, mention
mentioned, repair repaired, polish polished, cover covered, order ordered, pack packed, collect collected, remember
remembered, need needed, use used, examine examined, weigh weighed, copy copied, ruin ruined, damage damaged, save
saved, miss missed, drag dragged, kick kicked, catch caught, grab grabbed, offer offered, refuse refused, accept
accepted, recognize recognized
""")
DEEDS = tuple(Deed(*line.split()) for line in _TABLE)
