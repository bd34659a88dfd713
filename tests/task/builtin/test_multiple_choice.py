"""The options are read back: one of them fits, and its letter is the answer."""

import random
import re
from collections import Counter
from itertools import combinations

from deltalab.task.builtin.multiple_choice import odd_one_out, which_word
from deltalab.task.builtin.vocabulary.definitions import DEFINITIONS
from deltalab.task.builtin.vocabulary.kinds import CLOSE, KINDS

KIND = {word: kind for kind, members in KINDS.items() for word in members}
MEANING = {frame.format(told): word for frame, table in DEFINITIONS.items() for word, told in table.items()}


def options(text: str) -> dict[str, str]:
    return dict(re.findall(r"\((\w)\) (\w+)", text))


def test_the_word_that_is_meant():
    chance, close = random.Random(0), 0
    genus = {word: frame for frame, table in DEFINITIONS.items() for word in table}
    for _ in range(3000):
        text, answer = which_word(chance)
        offered = options(text)
        found = [
            word for meaning, word in MEANING.items() if re.search(rf"\b{meaning}[.?:]", text[0].lower() + text[1:])
        ]
        assert found == [offered[answer]], text
        assert len(set(offered.values())) == 3
        close += sum(genus[word] == genus[found[0]] for word in offered.values()) > 1
    assert 1500 < close < 2700


def test_the_word_that_does_not_belong():
    chance, named = random.Random(0), 0
    for _ in range(3000):
        text, answer = odd_one_out(chance)
        offered = options(text)
        kinds = Counter(KIND[word] for word in offered.values())
        (shared, three), (other, one) = kinds.most_common()
        assert (three, one) == (3, 1)
        assert KIND[offered[answer]] == other, text
        assert {shared, other} not in CLOSE
        named += shared in text.lower() or shared in text
    assert 1500 < named < 2100


def test_no_word_is_in_two_lists():
    assert len(KIND) == sum(map(len, KINDS.values())) > 300
    assert all(not set(one) & set(other) for one, other in combinations(DEFINITIONS.values(), 2))
    assert len(MEANING) == sum(map(len, DEFINITIONS.values())) > 180
