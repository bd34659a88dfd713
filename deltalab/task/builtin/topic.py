"""Topic of a remark: several subjects are named, one is the point.

A remark names things of one field, or sets a thing that matters against a thing that does not; the frame tells which.
"""

from __future__ import annotations

from functools import partial
from random import Random

from deltalab.task.builtin.lexicon.news import NEWS
from deltalab.task.builtin.lexicon.school import SCHOOL
from deltalab.task.builtin.lexicon.subject import Subjects
from deltalab.task.builtin.recipe import Recipe, sentence, words
from deltalab.task.metric.accuracy import Accuracy
from deltalab.task.metric.macro_f1 import MacroF1

__all__ = ["RECIPES"]

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
    "{who} talked about the {a} and the {b} {when}",
    "{when} {who} thought only of the {a} and the {b}",
    "{who} wrote a letter about the {a} {when}",
    "{when} {who} read a book on the {a} and the {b}",
    "{who} asked about the {a} {when}, and then about the {b}",
)
# {a} is the point, {x} is set aside; each comes first as often as last
AGAINST = (
    "{who} talked about the {a} {when}, not about the {x}",
    "{who} did not talk about the {x} {when}, but about the {a}",
    "{when} {who} forgot the {x} and thought only of the {a}",
    "{when} {who} thought only of the {a} and forgot the {x}",
    "{who} cared for the {a} {when}, and not at all for the {x}",
    "{when} {who} wrote about the {a} rather than about the {x}",
    "{who} had no interest in the {x} {when} and asked about the {a}",
    "instead of the {x}, {who} spoke of the {a} {when}",
    "{who} spoke of the {a} {when} instead of the {x}",
    "{when} {who} turned away from the {x} and back to the {a}",
)
LIFE = Subjects(THINGS, PEOPLE, TIMES, PLAIN, AGAINST)


def draw(subjects: Subjects, opposed: float, chance: Random) -> tuple[str, str]:
    """One remark and its topic; a fraction `opposed` sets another topic aside."""
    topic, other = chance.sample(sorted(subjects.things), 2)
    a, b = chance.sample(subjects.things[topic], 2)
    frame = chance.choice(subjects.against if chance.random() < opposed else subjects.plain)
    x = chance.choice(subjects.things[other])
    text = frame.format(who=chance.choice(subjects.people), when=chance.choice(subjects.times), a=a, b=b, x=x)
    return f"{sentence(text)}.", topic


RECIPES = {
    "topic": Recipe(partial(draw, LIFE, 0.6), MacroF1(), tuple(sorted(LIFE.things))),
    "news_topic": Recipe(partial(draw, NEWS, 0.75), Accuracy(), tuple(sorted(NEWS.things))),
    "school_subject": Recipe(partial(draw, SCHOOL, 0.75), Accuracy(), tuple(sorted(SCHOOL.things))),
}
