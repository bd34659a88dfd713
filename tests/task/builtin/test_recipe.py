"""Errors of annotation and small helpers."""

import random

from deltalab.task.builtin.recipe import Recipe, sentence, words
from deltalab.task.metric.accuracy import Accuracy
from deltalab.task.metric.squad import ExactMatch


def test_a_misjudged_label_is_any_other():
    recipe = Recipe(lambda chance: ("a", "x"), Accuracy(), ("x", "y", "z"))
    assert {recipe.misjudge("x", random.Random(seed)) for seed in range(30)} == {"y", "z"}


def test_a_misjudged_text_has_two_words_swapped():
    recipe = Recipe(lambda chance: ("a", "x"), ExactMatch())
    found = {recipe.misjudge("a b c", random.Random(seed)) for seed in range(30)}
    assert found == {"b a c", "a c b"}


def test_a_recipe_may_have_its_own_mistakes():
    recipe = Recipe(lambda chance: ("a", "x"), Accuracy(), ("x", "y"), lambda output, chance: f"{output}?")
    assert recipe.misjudge("x", random.Random(0)) == "x?"


def test_words_and_sentences():
    assert words("a b") == ("a", "b")
    assert words("a b, c") == ("a b", "c")
    assert sentence("the end") == "The end"
