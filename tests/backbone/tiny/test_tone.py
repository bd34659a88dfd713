"""The tone of words and sentences, counted again by hand."""

from __future__ import annotations

import re

import pytest

from deltalab.backbone.tiny.tone import NAMES, read_tones, tone, value
from deltalab.errors import UserError
from tests.backbone.tiny.test_asking import asked

TONES = {"lovely": 3.0, "nice": 2.0, "awful": -3.0, "dull": -2.0, "fair": 0.5}
TEXTS = (
    "The morning was lovely and the tea was nice.",
    "Nobody said that the awful dinner was dull.",
    "An awful man sat beside the dull fire.",
    "Seven horses stood behind our garden wall.",
)


def test_a_negation_turns_the_next_three_words():
    assert value(["a", "lovely", "day"], TONES) == 3
    assert value(["not", "a", "lovely", "day"], TONES) == -3
    assert value(["not", "on", "such", "a", "lovely", "day"], TONES) == 3
    assert value(["lovely", "but", "not", "nice"], TONES) == 1


def test_every_answer_is_that_of_the_sum():
    seen = set()
    for _, _, question, answer in asked(tone(TONES, TONES)[0], TEXTS):
        names = re.search(r"Is it (\w+) or (\w+)\?", question).groups()
        assert names in NAMES
        said = re.sub(r"Is it \w+ or \w+\?", "", question).lower().split()
        total = value(said, TONES)
        assert abs(total) >= 1
        assert answer == names[total < 0]
        seen.add(answer)
    assert seen == {name for names in NAMES for name in names}


def test_only_words_of_the_text_that_have_a_clear_tone_are_asked_for():
    words = {question.split("? ")[1] for _, _, question, _ in asked(tone(TONES, {"nice", "dull", "fair"})[1], TEXTS)}
    assert words == {"nice", "dull"}
    with pytest.raises(UserError, match="no word of the list"):
        tone(TONES, {"table"})


def test_reading_a_list(tmp_path):
    path = tmp_path / "tones.txt"
    path.write_text("good\t1.9\t0.3\n:)\t2.0\nBad\t-3\nbad\t-2.5\n", encoding="utf-8")
    assert read_tones(path) == {"good": 1.9, "bad": -2.5}


@pytest.mark.parametrize("content", ["good 1.9\n", "good\tfine\n", "good\t1\n", ""])
def test_a_list_that_is_none(tmp_path, content):
    path = tmp_path / "tones.txt"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UserError, match="--tones"):
        read_tones(path)


def test_no_list(tmp_path):
    with pytest.raises(UserError, match="--tones: cannot read"):
        read_tones(tmp_path / "none.txt")
