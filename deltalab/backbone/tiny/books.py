"""The books of exercises by name, and what each wants beside the text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from deltalab.backbone.tiny.asking import Exercise
from deltalab.backbone.tiny.copying import COPYING
from deltalab.backbone.tiny.drill import DRILL
from deltalab.backbone.tiny.grammar import grammar
from deltalab.backbone.tiny.meaning import meaning
from deltalab.backbone.tiny.reading import READING
from deltalab.backbone.tiny.settings import Settings
from deltalab.backbone.tiny.tone import read_tones, tone
from deltalab.backbone.tiny.wordnet import WordNet
from deltalab.errors import UserError, unknown

__all__ = ["books"]

Book = tuple[Exercise, ...]
SEEN = 5  # a word of the text, for a meaning of it to be asked


def books(settings: Settings, texts: Sequence[str]) -> dict[str, Book]:
    """The books that the settings name, each once, over sentences."""
    return {name: _book(name, settings, texts) for name in settings.books}


def _book(name: str, settings: Settings, texts: Sequence[str]) -> Book:
    if name not in BOOKS:
        raise unknown("book", name, BOOKS, "--books")
    return BOOKS[name](settings, texts)


def _meaning(settings: Settings, texts: Sequence[str]) -> Book:
    if settings.wordnet is None:
        raise UserError("--books: meaning wants --wordnet DIR, the folder of data.noun")
    return meaning(WordNet.read(settings.wordnet, _seen(texts)))


def _tone(settings: Settings, texts: Sequence[str]) -> Book:
    if settings.tones is None:
        raise UserError("--books: tone wants --tones FILE, a word and a number in each line")
    return tone(read_tones(settings.tones), _seen(texts))


def _seen(texts: Sequence[str]) -> frozenset[str]:
    counts = Counter(word for text in texts for word in text.split() if word.isalpha() and word.islower())
    return frozenset(word for word, count in counts.items() if count >= SEEN and len(word) > 1)


BOOKS: Mapping[str, Callable[[Settings, Sequence[str]], Book]] = {
    "drill": lambda _settings, _texts: DRILL,
    "reading": lambda _settings, _texts: READING,
    "copying": lambda _settings, _texts: COPYING,
    "grammar": lambda _settings, texts: grammar(texts),
    "meaning": _meaning,
    "tone": _tone,
}
