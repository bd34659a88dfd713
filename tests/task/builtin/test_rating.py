"""The points of a review follow from its side, its adverb, its denial and its concession."""

import random
import re
from collections import Counter

from deltalab.task.builtin.make import RECIPES, make
from deltalab.task.builtin.rating import BAD, GOOD, OTHERS, draw

DISTANCES = {
    "not (?:very|really|particularly|exactly)": -5,
    "not at all|not in the least|in no way|not remotely": -15,
    "not|never|hardly": -10,
    "slightly|a little|somewhat|a bit|mildly": 5,
    "fairly|rather|quite|reasonably|moderately": 10,
    "very|really|truly|thoroughly|seriously": 15,
    "extremely|incredibly|exceptionally|unbelievably|insanely": 20,
}
HEARSAY = re.compile(r"(had called it|advertisement|hoping for|last year|neighbours think|had expected|still says)")


def tenths(clause: str) -> int:
    """Read a clause: tenths of a point above or below the middle."""
    for pattern, distance in DISTANCES.items():
        if match := re.search(rf"\b(?:{pattern}) ({'|'.join(GOOD + BAD)})\b", clause):
            return distance if match[1] in GOOD else -distance
    word = re.search(rf"\b({'|'.join(GOOD + BAD)})\b(?=$| to me$)", clause)
    assert word, clause
    return 10 if word[1] in GOOD else -10


def points(text: str) -> str:
    """Read a review: drop what others say, find the clause that decides, take the concession off."""
    first, _, rest = text.rstrip(".").partition(". ")
    review = rest if HEARSAY.search(first.lower()) else text.rstrip(".")
    for pattern in (r"Although .*?, (.*)", r".*, but (.*)", r".*\. Still, (.*)", r"(.*), (?:even though|although) .*"):
        if match := re.fullmatch(pattern, review):
            found = tenths(match[1])
            return f"{(30 + found + (-3 if found > 0 else 3)) / 10:.1f}"
    return f"{(30 + tenths(review)) / 10:.1f}"


def test_a_reader_with_the_rules_is_always_right():
    chance = random.Random(0)
    seen: Counter[str] = Counter()
    for _ in range(3000):
        text, output = draw(chance)
        assert points(text) == output, text
        seen[output] += 1
    assert len(seen) == 16
    assert all(1.0 <= float(output) <= 5.0 for output in seen)
    above = sum(count for output, count in seen.items() if float(output) > 3)
    assert 0.45 < above / 3000 < 0.55


def test_what_others_say_occurs_and_tells_nothing():
    chance = random.Random(1)
    rows = [draw(chance) for _ in range(3000)]
    heard = [
        (text.split(". ")[0], float(output)) for text, output in rows if HEARSAY.search(text.split(". ")[0].lower())
    ]
    assert 0.25 < len(heard) / 3000 < 0.35
    good = [output for text, output in heard if text.split()[-1] in GOOD]
    assert abs(sum(good) / len(good) - 3) < 0.2
    assert all(HEARSAY.search(other.lower()) for other in OTHERS)


def test_no_word_is_praise_and_blame():
    assert not set(GOOD) & set(BAD)
    assert min(len(GOOD), len(BAD)) >= 35


def test_a_misjudged_review_has_other_points():
    recipe = RECIPES["review_rating"]
    for seed in range(200):
        wrong = recipe.misjudge("3.5", random.Random(seed))
        assert re.fullmatch(r"[1-5]\.\d", wrong)
        assert wrong != "3.5"
        assert 1.0 <= float(wrong) <= 5.0


def test_the_task_is_a_regression_by_generation():
    task = make("review_rating", {"train": 40, "dev": 5, "test": 5})
    assert (task.labels, task.evaluation, task.metric.kind) == (None, "generate", "number")
