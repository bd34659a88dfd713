"""The books of exercises by name, and what each wants beside the text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from deltalab.backbone.tiny.asking import Exercise, counted
from deltalab.backbone.tiny.copying import COPYING
from deltalab.backbone.tiny.drill import DRILL
from deltalab.backbone.tiny.grammar import grammar
from deltalab.backbone.tiny.meaning import meaning
from deltalab.backbone.tiny.reading import READING
from deltalab.backbone.tiny.settings import Settings
from deltalab.backbone.tiny.tone import read_tones, tone
from deltalab.backbone.tiny.wordnet import WordNet
from deltalab.errors import UserError, one_of

__all__ = ["books"]

Book = tuple[Exercise, ...]
SEEN = 5  # a word of the text, for a meaning of it to be asked


def books(settings: Settings, texts: Sequence[str]) -> dict[str, Book]:
    """The books that the settings name, each once, over sentences."""
    for name in settings.books:
        one_of("book", name, BOOKS, "--books")
    seen = counted(texts)
    return {name: BOOKS[name](settings, seen) for name in settings.books}


def _meaning(settings: Settings, seen: Counter[str]) -> Book:
    if settings.wordnet is None:
        raise UserError("--books: meaning wants --wordnet DIR, the folder of data.noun")
    return meaning(WordNet.read(settings.wordnet, _often(seen)))


def _tone(settings: Settings, seen: Counter[str]) -> Book:
    if settings.tones is None:
        raise UserError("--books: tone wants --tones FILE, a word and a number in each line")
    return tone(read_tones(settings.tones), _often(seen))


def _often(seen: Counter[str]) -> frozenset[str]:
    return frozenset(word for word, count in seen.items() if count >= SEEN and len(word) > 1)


BOOKS: Mapping[str, Callable[[Settings, Counter[str]], Book]] = {
    "drill": lambda _settings, _seen: DRILL,
    "reading": lambda _settings, _seen: READING,
    "copying": lambda _settings, _seen: COPYING,
    "grammar": lambda _settings, seen: grammar(seen),
    "meaning": _meaning,
    "tone": _tone,
}
