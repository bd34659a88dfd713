"""A reader who notes every fact, told or denied, and the last place of every thing, answers all questions."""

import random
import re

from deltalab.task.builtin.boolean_qa import fact, place

P, X = r"((?:the )?\w+)", r"the ((?:\w+ )?\w+)"
# a sentence, and who did (+) or did not (-) do it to which thing, by the numbers of the groups
FORMS = (
    (rf"it was {P} who \w+ {X}, not {P}", ((1, 2, "+"), (3, 2, "-"))),
    (rf"{P}, not {P}, \w+ {X}", ((1, 3, "+"), (2, 3, "-"))),
    (rf"{P} did not \w+ {X}, but {P} did", ((1, 2, "-"), (3, 2, "+"))),
    (rf"{P} did not \w+ {X}, but {X}", ((1, 2, "-"), (1, 3, "+"))),
    (rf"{P} did not \w+ {X}", ((1, 2, "-"),)),
    (rf"{P} never \w+ {X}", ((1, 2, "-"),)),
    (rf"{P} \w+ {X}, but {P} did not", ((1, 2, "+"), (3, 2, "-"))),
    (rf"{P} \w+ {X}, but not {X}", ((1, 2, "+"), (1, 3, "-"))),
    (rf"{P} \w+ {X}", ((1, 2, "+"),)),
)


def facts(sentence: str) -> dict[tuple[str, str], str]:
    for pattern, told in FORMS:
        if match := re.fullmatch(pattern, sentence.lower()):
            return {(match[who], match[thing]): sign for who, thing, sign in told}
    raise AssertionError(sentence)


def test_who_did_what():
    chance = random.Random(0)
    distracted = 0
    for _ in range(3000):
        text, answer = fact(chance)
        *told, question = text.split(". ")
        known = {key: sign for sentence in told for key, sign in facts(sentence).items()}
        who, thing = re.fullmatch(rf"did {P} \w+ {X}\?", question.lower()).groups()
        assert known[who, thing] == ("+" if answer == "yes" else "-"), text
        distracted += len(set(known.values())) == 2
    assert distracted > 1500


def test_where_things_are():
    chance = random.Random(0)
    asked = dict.fromkeys(("last", "left", "other", "never"), 0)
    for _ in range(3000):
        text, answer = place(chance)
        *told, question = text.split(". ")
        where: dict[str, str] = {}
        before, thing = [], ""
        for sentence in told:
            if match := re.search(r"the (\w+)(?: was)? in the (\w+)", sentence.lower()):
                thing = match[1]
                where[thing] = match[2]
            elif (match := re.search(r"(?:to|in) the (\w+)", sentence)) and " not " not in sentence:
                before.append((thing, where[thing]))
                where[thing] = match[1]
        thing, here = re.fullmatch(r"Is the (\w+) in the (\w+) now\?", question).groups()
        assert (where[thing] == here) == (answer == "yes"), text
        others = [spot for other, spot in where.items() if other != thing]
        kind = "left" if (thing, here) in before else "other" if here in others else "never"
        asked["last" if answer == "yes" else kind] += 1
    assert min(asked.values()) > 100
