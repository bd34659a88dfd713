"""Choosing among words: which one is meant, and which one does not belong.

The answer is a letter, and every word stands at every letter, so only the words' meanings tell.
"""

from __future__ import annotations

from random import Random

from deltalab.task.builtin.recipe import Recipe, sentence
from deltalab.task.builtin.vocabulary.definitions import DEFINITIONS
from deltalab.task.builtin.vocabulary.kinds import CLOSE, KINDS
from deltalab.task.builtin.vocabulary.people import NAMES
from deltalab.task.metric.accuracy import Accuracy

__all__ = ["RECIPES"]

SAME_GENUS, NAMED = 0.5, 0.6

ASKED = (
    "{meaning}: which word is it?",
    "Which word means {meaning}?",
    "{who} thinks of {meaning}. Which word is it?",
    "What do we call {meaning}?",
    "{who} wants a word for {meaning}.",
)
# the kind that three of the words share is named here
KIND_NAMED = (
    "Three of these are {kind}. Which one is not?",
    "{who} wrote a list of {kind}. Which word is wrong?",
    "All but one are {kind}. Which one?",
)
KIND_OPEN = (
    "Which word does not belong?",
    "{who} wrote four words. Which one is different?",
    "Three of these are alike. Which one is not?",
    "{who} has to find the odd one out.",
)


def which_word(chance: Random) -> tuple[str, str]:
    """A definition and three words, the other two often of the same genus."""
    frame = chance.choice(tuple(DEFINITIONS))
    word = chance.choice(tuple(DEFINITIONS[frame]))
    wrong: list[str] = []
    for _ in range(2):
        genus = frame if chance.random() < SAME_GENUS else chance.choice(tuple(DEFINITIONS))
        wrong.append(chance.choice([other for other in DEFINITIONS[genus] if other not in (word, *wrong)]))
    meaning = frame.format(DEFINITIONS[frame][word])
    question = chance.choice(ASKED).format(meaning=meaning, who=chance.choice(NAMES))
    return _offer(question, word, wrong, "abc", chance)


def odd_one_out(chance: Random) -> tuple[str, str]:
    """Three words of a kind and one of another."""
    kind = chance.choice(tuple(KINDS))
    other = chance.choice([other for other in KINDS if other != kind and {kind, other} not in CLOSE])
    alike, odd = chance.sample(KINDS[kind], 3), chance.choice(KINDS[other])
    frame = chance.choice(KIND_NAMED if chance.random() < NAMED else KIND_OPEN)
    return _offer(frame.format(kind=kind, who=chance.choice(NAMES)), odd, alike, "abcd", chance)


def _offer(question: str, answer: str, others: list[str], letters: str, chance: Random) -> tuple[str, str]:
    options = [answer, *others]
    chance.shuffle(options)
    offered = " ".join(f"({letter}) {option}" for letter, option in zip(letters, options, strict=True))
    return f"{sentence(question)} {offered}", letters[options.index(answer)]


RECIPES = {
    "which_word": Recipe(which_word, Accuracy(), tuple("abc")),
    "odd_one_out": Recipe(odd_one_out, Accuracy(), tuple("abcd")),
}
