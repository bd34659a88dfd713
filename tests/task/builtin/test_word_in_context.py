"""The sense of a word follows from the deed around it, read from the tables as they are written."""

import random
import re
from collections import Counter

from deltalab.task.builtin.lexicon.senses_one import TABLE as ONE
from deltalab.task.builtin.lexicon.senses_two import TABLE as TWO
from deltalab.task.builtin.word_in_context import WORDS, draw


def homes() -> dict[str, tuple[str, int]]:
    """Each deed with its word and sense: a line that starts with a bar holds the second one."""
    found, word = {}, ""
    for line in (ONE + TWO).splitlines():
        if not line:
            continue
        sense = int(line.startswith("| "))
        if not sense:
            word = line.split(":")[0]
        for deed in line.removeprefix("| ").removeprefix(f"{word}: ").split("; "):
            found[deed] = (word, sense)
    return found


HOMES = homes()


def test_two_deeds_of_one_sense_are_the_same_word():
    chance = random.Random(0)
    seen: Counter[tuple[str, str]] = Counter()
    repeated = 0
    for _ in range(6000):
        text, label = draw(chance)
        match = re.fullmatch(r"Word: (\w+)\. First: (.*)\. Second: (.*)\.", text)
        assert match, text
        deeds = [max((deed for deed in HOMES if told.endswith(f" {deed}")), key=len) for told in match.groups()[1:]]
        (word, sense), (other_word, other_sense) = (HOMES[deed] for deed in deeds)
        assert word == other_word == match[1], text
        assert (sense == other_sense) == (label == "yes"), text
        assert all(re.search(rf"\b{word}\b", told) for told in match.groups()[1:]), text
        seen[word, label] += 1
        repeated += deeds[0] == deeds[1]
    assert len(seen) == 2 * len(WORDS)
    assert 0.08 < repeated / 6000 < 0.12


def test_every_word_has_two_senses_in_several_deeds():
    assert len(WORDS) == len({entry.word for entry in WORDS}) >= 60
    for entry in WORDS:
        assert [len(set(sense)) for sense in entry.senses] == [3, 3], entry.word
        assert all(re.search(rf"\b{entry.word}\b", deed) for sense in entry.senses for deed in sense), entry.word
    assert len(HOMES) == 6 * len(WORDS)
