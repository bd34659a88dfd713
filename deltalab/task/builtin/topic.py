"""Topic of a remark: several subjects are named, one is the point.

A remark names things of one field, or sets a thing that matters against a thing that does not; the frame tells which.
"""

from __future__ import annotations

from random import Random

from deltalab.task.builtin.recipe import Recipe, sentence, words
from deltalab.task.metric.macro_f1 import MacroF1

__all__ = ["RECIPES"]

OPPOSED = 0.6

THINGS = {
    "farming": words("harvest cattle plough barn wheat orchard sheep hay cows crops pasture corn"),
    "music": words("violin piano song concert orchestra melody flute choir opera drum tune singer"),
    "sailing": words("ship harbour sails anchor captain voyage deck crew boat tide mast sailors"),
    "medicine": words("doctor fever patient hospital wound cure nurse disease surgeon pills pulse surgery"),
    "law": words("judge court trial lawyer jury verdict witness prison crime sentence oath statute"),
    "cooking": words("soup oven recipe flour butter kitchen roast sauce stew dough pudding spices"),
}
PEOPLE = words(
    "the old man, the young woman, my uncle, her sister, the stranger, our teacher, his wife, the widow, the colonel, "
    "Mary, Thomas, my friend, the boy, the girl, our neighbour, the clerk"
)
TIMES = words(
    "that evening, all day, in the morning, once more, after dinner, before noon, for an hour, on Sunday, at last, "
    "every night"
)
PLAIN = (
    "{who} talked about {a} and {b} {when}",
    "{when} {who} thought only of {a} and {b}",
    "{who} wrote a letter about {a} {when}",
    "{when} {who} read a book on {a} and {b}",
    "{who} asked about {a} {when}, and then about {b}",
)
# {a} is the point, {x} is set aside; each comes first as often as last
AGAINST = (
    "{who} talked about {a} {when}, not about {x}",
    "{who} did not talk about {x} {when}, but about {a}",
    "{when} {who} forgot {x} and thought only of {a}",
    "{when} {who} thought only of {a} and forgot {x}",
    "{who} cared for {a} {when}, and not at all for {x}",
    "{when} {who} wrote about {a} rather than about {x}",
    "{who} had no interest in {x} {when} and asked about {a}",
    "instead of {x}, {who} spoke of {a} {when}",
    "{who} spoke of {a} {when} instead of {x}",
    "{when} {who} turned away from {x} and back to {a}",
)


def draw(chance: Random) -> tuple[str, str]:
    """One remark and its topic."""
    topic, other = chance.sample(LABELS, 2)
    a, b = (f"the {thing}" for thing in chance.sample(THINGS[topic], 2))
    frame = chance.choice(AGAINST if chance.random() < OPPOSED else PLAIN)
    x = f"the {chance.choice(THINGS[other])}"
    text = frame.format(who=chance.choice(PEOPLE), when=chance.choice(TIMES), a=a, b=b, x=x)
    return f"{sentence(text)}.", topic


LABELS = tuple(sorted(THINGS))
RECIPES = {"topic": Recipe(draw, MacroF1(), LABELS)}
