"""Things that a hand can carry, words that describe them, and how English counts them."""

from __future__ import annotations

from deltalab.task.builtin.recipe import words

__all__ = ["COLOURS", "QUALITIES", "THINGS", "article", "plural"]

THINGS = words("""
hat coat cap cloak boot belt glove ring watch purse wallet necklace button ribbon mirror comb brush towel pillow
blanket lamp candle lantern clock key lock bell basket box bag sack chest barrel bottle jar jug cup mug glass plate
bowl dish spoon fork knife pot pan kettle tray book letter map note card stamp diary poster picture photograph
newspaper pen pencil ruler coin medal flag drum flute violin trumpet guitar whistle ball doll kite puppet puzzle toy
hammer saw nail rope ladder bucket broom shovel axe needle thread chain wheel stick stone shell feather flower rose
apple pear plum orange lemon cake pie biscuit sandwich loaf cheese chair stool cushion carpet curtain umbrella
telescope camera radio telephone compass tent oar anchor net hook helmet shield sword arrow mask crown jewel pearl
vase statue suitcase parcel
""")
COLOURS = words("""
red green blue black white brown grey yellow purple pink golden silver scarlet crimson dark bright pale striped
spotted
""")
QUALITIES = words("""
small large old new broken heavy strange tiny huge cheap costly dirty clean wooden iron lovely ugly round flat thick
thin dusty wet dry soft hard plain fancy narrow light little precious ordinary foreign rusty shiny
""")
_FVES = {"knife": "knives", "loaf": "loaves", "wolf": "wolves", "thief": "thieves", "wife": "wives", "shelf": "shelves"}
_ODD = {"child": "children", "man": "men", "woman": "women", "mouse": "mice", "goose": "geese", "foot": "feet"}


def plural(noun: str) -> str:
    """More than one of a noun."""
    odd = (_FVES | _ODD).get(noun)
    if odd is not None:
        return odd
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"


def article(phrase: str) -> str:
    """The phrase after `a` or `an`."""
    return f"{'an' if phrase[0] in 'aeiou' else 'a'} {phrase}"
