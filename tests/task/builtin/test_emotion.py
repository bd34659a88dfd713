"""The emotion of a person follows from what is told of this person, and of now."""

import random
import re
from itertools import combinations

import pytest

from deltalab.task.builtin.emotion import message, story
from deltalab.task.builtin.lexicon.events import EVENTS
from deltalab.task.builtin.lexicon.feelings import EMOTIONS, FEELINGS, REACTIONS

DECOYS = (
    r"would be|not|last week I was|although I was|[A-Z]\w+ is|no longer|used to make me|rather than|instead of being|"
    r"expects me to be|no matter how"
)
PRONOUNS = {"he": "(?:he|she|I)", "him": "(?:him|her|me)", "his": "(?:his|her|my)"}


def signs(emotion: str) -> str:
    """A pattern for everything that shows the emotion, whoever feels it."""
    told = (sign.format(**PRONOUNS) for sign in EVENTS[emotion] + REACTIONS[emotion])
    return "|".join((*told, *(f"was {word}" for word in FEELINGS[emotion])))


SIGNS = {emotion: signs(emotion) for emotion in EMOTIONS}
NAMED = {emotion: "|".join(FEELINGS[emotion]) for emotion in EMOTIONS}


def felt_by(who: str, text: str) -> set[str]:
    """Read a story: the emotions whose signs follow a name."""
    return {emotion for emotion in EMOTIONS if re.search(rf"\b{who} (?:{SIGNS[emotion]})\b", text)}


def read(text: str) -> set[str]:
    """Read a message: what the writer did or met, or else the adjectives that are no decoys."""
    if (found := felt_by("I", text)) and not re.search(rf"\b(?:{'|'.join(NAMED.values())})\b", text):
        return found
    kept = re.sub(rf"\b(?:{DECOYS}) (?:{'|'.join(NAMED.values())})\b", "", text, flags=re.IGNORECASE)
    return {emotion for emotion in EMOTIONS if re.search(rf"\b(?:{NAMED[emotion]})\b", kept)}


def test_a_story_shows_what_the_one_asked_about_feels():
    chance, rivals, first = random.Random(0), 0, 0
    for _ in range(3000):
        text, emotion = story(chance)
        name = re.search(r"does (\w+) feel|feeling of (\w+)\?", text)
        assert name, text
        asked = name[1] or name[2]
        assert felt_by(asked, text) == {emotion}, text
        told = re.sub(r"How does \w+ feel\? ?|What is the feeling of \w+\?", "", text)
        others = felt_by(r"[A-Z]\w+", told) - {emotion}
        assert len(others) < 2, text
        rivals += bool(others)
        first += told.startswith(asked)
    assert 0.7 < rivals / 3000 < 0.8
    assert 0.45 < first / 3000 < 0.55


def test_a_message_says_what_its_writer_feels_now():
    chance, decoys = random.Random(1), 0
    for _ in range(3000):
        text, emotion = message(chance)
        assert read(text) == {emotion}, text
        others = felt_by(r"[A-Z]\w+", text) | {one for one in EMOTIONS if re.search(rf"\b(?:{NAMED[one]})\b", text)}
        decoys += len(others - {emotion}) == 1
    assert 0.8 < decoys / 3000 < 0.95


@pytest.mark.parametrize("table", [EVENTS, REACTIONS, FEELINGS])
def test_no_sign_shows_two_emotions(table):
    assert tuple(sorted(table)) == EMOTIONS
    for one, other in combinations(EMOTIONS, 2):
        assert not set(table[one]) & set(table[other])
    assert all(len(set(table[emotion])) == len(table[emotion]) >= 10 for emotion in EMOTIONS)
