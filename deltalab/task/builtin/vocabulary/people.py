"""Persons: first names, titles and family names, professions, and persons whose word tells their sex."""

from __future__ import annotations

from random import Random

from deltalab.task.builtin.recipe import words

__all__ = ["FEMALE", "FEMALE_NAMES", "MALE", "MALE_NAMES", "NAMES", "PERSONS", "full_name"]

FEMALE_NAMES = words("""
Mary Helen Molly Sylvia Cynthia Kate Ursula Clare Janet Sue Lily Jane Martha Monica Anne Ida Marian Virginia Emma
Alice Rose Grace Lucy Ruth Nancy Betty Julia Laura Clara Ellen Nora Sarah Susan Diana Eva Flora Hannah Irene Olive
Paula
""")
MALE_NAMES = words("""
John George Frank Harry Charles Henry Tom Jack James William Thomas Edward Peter Philip Daniel Sam Ben Jim Richard
Robert Gabriel Gilbert Leonard Roger Gerald Hans Harvey Paul Mark Luke Simon Martin Walter Arthur Hugh Oliver Victor
Oscar Max Fred
""")
NAMES = FEMALE_NAMES + MALE_NAMES
FEMALE = words("""
queen girl mother aunt sister lady nun princess maiden duchess actress daughter niece bride widow waitress grandmother
heroine hostess landlady
""")
MALE = words("""
king boy father uncle brother lord monk prince knight duke actor son nephew monarch bishop waiter grandfather hero
squire landlord
""")
PERSONS = words("""
sailor farmer teacher doctor baker soldier servant merchant painter hunter clerk lawyer judge student writer singer
dancer nurse tailor butcher gardener driver pilot captain miner carpenter barber builder poet porter preacher banker
hermit robber guard scholar surgeon engineer reporter traveller neighbour stranger child guest visitor officer fisher
shepherd potter plumber librarian chemist dentist athlete tourist beggar pirate wizard juggler
""")
TITLES = {
    "Mr": 1, "Mrs": 1, "Miss": 1, "Doctor": 1, "Captain": 1, "Colonel": 1, "Professor": 1, "Judge": 1,
    "Uncle": 0, "Aunt": 0, "Prince": 0, "Queen": 0, "Lady": 0, "Lord": 0, "Sir": 0, "Sister": 0,
}  # fmt: skip
"""Whether a title stands before a family name (1) or a first name (0)."""
FAMILIES = words("""
Brown Green White Black Grey Bird Oak Moon West North Fox King Hall Wood Hill Stone Rivers Field Marsh Brook Cook
Smith Miller Taylor Mason Fisher Hunter Carter Potter Wright Young Long Strong Sharp Swift Wise Noble Gold Silver
Steel Lamb Wolf Finch Crane Drake Swan Snow Frost Winter Summers Day Gibson Wilson Gould Osborne Audley Harley
Fleetwood Hazel Park
""")
WOMAN_ONLY = {"Aunt", "Queen", "Lady", "Sister"}


def full_name(title: str, chance: Random) -> str:
    """A title with a name that fits it, two words."""
    if TITLES[title]:
        return f"{title} {chance.choice(FAMILIES)}"
    return f"{title} {chance.choice(FEMALE_NAMES if title in WOMAN_ONLY else MALE_NAMES)}"
