"""Words and what they mean, from the files of WordNet (Miller 1995, doi 10.1145/219717.219748)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, final

from deltalab.errors import UserError

__all__ = ["Entry", "WordNet"]

PARTS = {"n": "noun", "v": "verb", "a": "adj", "r": "adv"}
_SORTS = """
quality relation manner thing act animal artifact attribute body thought communication event feeling food group
place motive object person phenomenon plant possession process quantity relation shape state substance time body
change thought communication competition consumption contact creation feeling motion perception possession
society being weather quality
"""  # of the 45 files of the lexicographers, in their order
SORTS = tuple(_SORTS.split())


class Entry(NamedTuple):
    """The first meaning of a word: its sort and gloss, words of the same and the opposite meaning, kinds above it."""

    word: str
    sort: str
    gloss: str
    same: tuple[str, ...]
    opposite: tuple[str, ...]
    above: tuple[str, ...]


class _Synset(NamedTuple):
    sort: str
    gloss: str
    words: tuple[str, ...]
    links: tuple[tuple[str, str, str], ...]  # symbol, where it leads, from which word to which


@final
@dataclass(frozen=True)
class WordNet:
    """The entries of the words of a text, in the order of the files."""

    entries: tuple[Entry, ...]

    @classmethod
    def read(cls, folder: Path, known: Collection[str]) -> WordNet:
        """`data.*` and `index.*` of a folder; words in one piece that are `known`."""
        try:
            synsets = {
                key: found for part, name in PARTS.items() for key, found in _synsets(folder / f"data.{name}", part)
            }
            firsts = [
                (word, key) for part, name in PARTS.items() for word, key in _firsts(folder / f"index.{name}", part)
            ]
        except (OSError, ValueError, IndexError) as error:
            raise UserError(f"--wordnet: cannot read {folder}: {error}; give the folder of data.noun") from error
        entries = tuple(_entry(word, key, synsets, known) for word, key in firsts if word in known)
        if len(entries) < 2:
            raise UserError(f"--wordnet: {folder} knows fewer than 2 words of the text")
        return cls(entries)


def _entry(word: str, key: str, synsets: dict[str, _Synset], known: Collection[str]) -> Entry:
    meaning = synsets[key]
    leads = [
        (symbol, synsets[there].words, source, target) for symbol, there, source, target in _ends(meaning, synsets)
    ]
    opposite = tuple(
        words[target - 1]
        for symbol, words, source, target in leads
        if symbol == "!" and meaning.words[source - 1] == word and words[target - 1] in known
    )
    above = tuple(word for symbol, words, _, _ in leads if symbol in ("@", "@i") for word in words if word in known)
    same = tuple(other for other in meaning.words if other != word and other in known)
    return Entry(word, meaning.sort, meaning.gloss, same, opposite, above)


def _ends(meaning: _Synset, synsets: dict[str, _Synset]) -> list[tuple[str, str, int, int]]:
    return [
        (symbol, there, int(words[:2], 16), int(words[2:], 16))
        for symbol, there, words in meaning.links
        if there in synsets
    ]


def _synsets(path: Path, part: str) -> list[tuple[str, _Synset]]:
    """Lines `offset file type count (word id)* count (symbol offset part source/target)* ... | gloss`."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("  "):
            continue
        head, _, gloss = line.partition(" | ")
        fields = head.split()
        count = int(fields[3], 16)
        words = tuple(_spelled(word) for word in fields[4 : 4 + 2 * count : 2])
        links = fields[4 + 2 * count :]
        ends = tuple(
            (links[1 + 4 * i], _key(links[3 + 4 * i], links[2 + 4 * i]), links[4 + 4 * i]) for i in range(int(links[0]))
        )
        short = gloss.split(";")[0].split('"')[0].strip()
        found.append((_key(part, fields[0]), _Synset(SORTS[int(fields[1])], short, words, ends)))
    return found


def _firsts(path: Path, part: str) -> list[tuple[str, str]]:
    """Lines `word part count (symbol)* ... offset*`: the word and where its first meaning stands."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("  "):
            fields = line.split()
            offsets = fields[-int(fields[2]) :]
            found.append((fields[0], _key(part, offsets[0])))
    return found


def _key(part: str, offset: str) -> str:
    return f"{'a' if part == 's' else part}{offset}"


def _spelled(word: str) -> str:
    return word.split("(")[0]
