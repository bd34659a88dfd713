"""Transitive verbs with their forms and what they are done to, for the tasks about sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from deltalab.task.builtin.recipe import words

__all__ = ["COLOURS", "PEOPLE", "PLACES", "VERBS", "Verb"]


@final
@dataclass(frozen=True)
class Verb:
    """`base` (they buy), `third` (she buys), `past` (she bought), `participle` (she has bought); fitting `objects`."""

    base: str
    third: str
    past: str
    participle: str
    objects: tuple[str, ...]


_TABLE = """
buy buys bought bought: boat horse hat house lamp coat
see sees saw seen: bird ship fox tower star wolf
write writes wrote written: letter book story poem note song
break breaks broke broken: window cup plate chair jar mirror
take takes took taken: book key lamp knife coat basket
steal steals stole stolen: horse ring watch purse cup letter
hide hides hid hidden: ring key letter purse knife box
draw draws drew drawn: map bird house horse tree tower
give gives gave given: book ring coin hat basket flower
eat eats ate eaten: pear pie cake fish plum biscuit
choose chooses chose chosen: hat ring horse coat book song
know knows knew known: song story name rule secret poem
throw throws threw thrown: stone ball stick coin plate hat
wear wears wore worn: hat coat ring mask cloak scarf
drive drives drove driven: cart horse wagon car bus mule
forget forgets forgot forgotten: name key hat letter song rule
sell sells sold sold: boat horse lamp house watch basket
find finds found found: key ring coin purse map path
build builds built built: house boat wall tower bridge cart
keep keeps kept kept: horse letter secret ring bird book
bring brings brought brought: basket letter lamp cake chair map
catch catches caught caught: fish bird ball fox mouse horse
lose loses lost lost: key ring watch hat purse letter
send sends sent sent: letter book basket note flower coin
teach teaches taught taught: song lesson rule poem game trick
hold holds held held: rope lamp knife stick book cup
paint paints painted painted: house wall boat door chair bird
open opens opened opened: door box window letter gate purse
carry carries carried carried: basket box lamp chair rope stone
clean cleans cleaned cleaned: lamp window boat room coat knife
"""


def _read(line: str) -> Verb:
    forms, objects = line.split(": ")
    base, third, past, participle = forms.split()
    return Verb(base, third, past, participle, tuple(objects.split()))


VERBS = tuple(_read(line) for line in _TABLE.strip().splitlines())
PEOPLE = words("sailor farmer teacher doctor baker soldier servant merchant painter hunter widow clerk")
COLOURS = words("red green black white small large new broken strange heavy")
PLACES = words("in the garden, near the river, in the kitchen, on the bridge, at the market, in the village")
