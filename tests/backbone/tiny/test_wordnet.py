"""A WordNet of a few meanings, written in the format of its files and read again."""

from __future__ import annotations

import pytest

from deltalab.backbone.tiny.wordnet import Entry, WordNet
from deltalab.errors import UserError

LICENCE = "  1 This line belongs to the licence.\n"
NOUNS = """\
00000001 06 n 01 tool 0 000 | something to work with; "a handy tool"
00000002 06 n 02 spoon 0 ladle 0 001 @ 00000001 n 0000 | something to eat soup with; not a fork
00000003 13 n 01 soup 0 000 | hot liquid food
00000004 06 n 01 spoon 1 000 | a kind of club
"""
ADJECTIVES = """\
00000005 00 a 02 hot 0 warm 0 001 ! 00000006 a 0101 | of high heat
00000006 00 a 02 cold 0 cool 0 001 ! 00000005 a 0101 | of low heat
00000007 00 s 01 icy(p) 0 000 | very cold
"""
NOUN_INDEX = """\
spoon n 2 1 @ 2 1 00000002 00000004
ladle n 1 1 @ 1 0 00000002
tool n 1 0 1 1 00000001
soup n 1 0 1 1 00000003
"""
ADJECTIVE_INDEX = """\
hot a 1 1 ! 1 1 00000005
warm a 1 1 ! 1 1 00000005
cold a 1 1 ! 1 1 00000006
cool a 1 1 ! 1 1 00000006
icy a 1 0 1 0 00000007
"""
WORDS = {"spoon", "ladle", "tool", "soup", "hot", "warm", "cold", "cool"}


def write(folder):
    folder.mkdir(exist_ok=True)
    parts = {"noun": (NOUNS, NOUN_INDEX), "adj": (ADJECTIVES, ADJECTIVE_INDEX), "verb": ("", ""), "adv": ("", "")}
    for name, (data, index) in parts.items():
        (folder / f"data.{name}").write_text(LICENCE + data, encoding="utf-8")
        (folder / f"index.{name}").write_text(LICENCE + index, encoding="utf-8")
    return folder


@pytest.fixture
def folder(tmp_path):
    return write(tmp_path / "dict")


def test_first_meanings(folder):
    entries = {entry.word: entry for entry in WordNet.read(folder, WORDS).entries}
    assert set(entries) == WORDS
    assert entries["spoon"] == Entry("spoon", "artifact", "something to eat soup with", ("ladle",), (), ("tool",))
    assert entries["soup"].sort == "food"
    assert entries["tool"].gloss == "something to work with"
    assert entries["hot"] == Entry("hot", "quality", "of high heat", ("warm",), ("cold",), ())
    assert entries["warm"].opposite == ()  # the link is from hot to cold alone


def test_only_known_words(folder):
    entries = {entry.word: entry for entry in WordNet.read(folder, {"spoon", "hot"}).entries}
    assert entries["spoon"] == Entry("spoon", "artifact", "something to eat soup with", (), (), ())
    assert entries["hot"].opposite == ()


def test_no_wordnet(tmp_path, folder):
    with pytest.raises(UserError, match="--wordnet: cannot read"):
        WordNet.read(tmp_path / "none", WORDS)
    with pytest.raises(UserError, match="fewer than 2 words"):
        WordNet.read(folder, {"spoon"})
    (folder / "data.noun").write_text("00000001 06 n 05 tool 0\n", encoding="utf-8")
    with pytest.raises(UserError, match="--wordnet: cannot read"):
        WordNet.read(folder, WORDS)
