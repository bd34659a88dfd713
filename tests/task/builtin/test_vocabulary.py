"""The shared word lists: no word twice, and enough of them."""

import pytest

from deltalab.task.builtin.vocabulary import people, places, things
from deltalab.task.builtin.vocabulary.deeds import DEEDS, third
from deltalab.task.builtin.vocabulary.things import article, plural

LISTS = {
    f"{module.__name__.split('.')[-1]}.{name}": getattr(module, name)
    for module in (people, places, things)
    for name in module.__all__
    if name.isupper()
}


@pytest.mark.parametrize("name", LISTS)
def test_no_word_twice(name):
    found = LISTS[name]
    assert len(set(found)) == len(found) >= 15
    assert all(word.isalpha() for word in found if isinstance(word, str))


def test_deeds_have_distinct_forms():
    assert len({deed.base for deed in DEEDS}) == len(DEEDS) >= 60
    assert all(len({deed.base, deed.past, deed.third}) == 3 for deed in DEEDS)


def test_a_sex_is_told_by_the_word():
    assert not set(people.FEMALE + people.FEMALE_NAMES) & set(people.MALE + people.MALE_NAMES)


def test_forms():
    assert [plural(noun) for noun in ("knife", "pony", "toy", "box", "watch", "child")] == [
        *("knives", "ponies", "toys", "boxes", "watches", "children")
    ]
    assert [third(verb) for verb in ("carry", "buy", "wash", "miss", "go", "read")] == [
        *("carries", "buys", "washes", "misses", "goes", "reads")
    ]
    assert (article("old hat"), article("red hat")) == ("an old hat", "a red hat")
