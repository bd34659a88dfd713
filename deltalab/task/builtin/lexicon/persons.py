"""First names and the pronouns that go with them."""

from __future__ import annotations

from deltalab.task.builtin.recipe import words

__all__ = ["HER", "HIS", "ME", "MEN", "NAMES", "WOMEN", "pronouns"]

WOMEN = words("""
    Alice Amy Anna Bella Carol Clara Diana Dora Edith Ella Emily Erica Eva Fiona Flora Gloria Grace Hannah Helen Ida
    Ingrid Irene Jane Judith Julia Karen Laura Linda Lucy Maria Martha Nina Nora Olga Pamela Rosa Sarah Sofia Tina
    Vera
""")
MEN = words("""
    Adam Albert Andrew Arthur Ben Boris Carl Colin David Dennis Edgar Eric Felix Frank George Gordon Harold Henry Hugo
    Ivan Jack James Julian Kevin Leo Louis Martin Max Nathan Oliver Oscar Paul Peter Ralph Robert Simon Stefan Tom
    Victor Walter
""")
NAMES = WOMEN + MEN

HER = {"he": "she", "him": "her", "his": "her"}
HIS = {"he": "he", "him": "him", "his": "his"}
ME = {"he": "I", "him": "me", "his": "my"}


def pronouns(name: str) -> dict[str, str]:
    """What stands for {he}, {him} and {his} where a person of that name is meant."""
    return HER if name in WOMEN else HIS
