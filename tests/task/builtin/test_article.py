"""The indefinite article goes by sound."""

from deltalab.task.builtin.lexicon.article import articled


def test_vowels_that_are_heard():
    assert articled("a apple and a pear") == "an apple and a pear"
    assert articled("A honest man waited a hour") == "An honest man waited an hour"
    assert articled("an unpleasant day, a unimportant one") == "an unpleasant day, an unimportant one"
    assert articled("a useless uniform, a unit, a one-way street") == "a useless uniform, a unit, a one-way street"
    assert articled("a uniform, a university, a European") == "a uniform, a university, a European"
    assert articled("the sofa in banana boxes") == "the sofa in banana boxes"
