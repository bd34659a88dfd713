"""An entry of the store: a folder of files and the card that vouches for them."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, final

from deltalab.store.key import canonical, content_key

__all__ = ["CARD", "Damage", "Entry", "Source", "inspect", "size", "write"]

CARD = "entry.json"
FORMAT = 1


@final
@dataclass(frozen=True)
class Entry:
    """A whole entry: its files lie in `path`, `facts` are as JSON gives them back, `created` is in UTC."""

    kind: str
    key: str
    path: Path
    facts: dict[str, Any]
    created: datetime


@final
@dataclass(frozen=True)
class Damage:
    """What is wrong with the entry in the folder `path`."""

    path: Path
    reason: str


Source = Path | Mapping[str, Path]
"""A folder, or what files and folders are to be called in the entry: "." is the entry itself."""


def write(target: Path, kind: str, facts: Mapping[str, Any], source: Source) -> Entry:
    """Copy the files of `source`, those in its subfolders too, to a new folder and write their card last.

    Raises `ValueError` where there are none, or one has the card's name.
    """
    files: dict[str, dict[str, Any]] = {}
    target.mkdir(parents=True)
    for path, name in _named(source):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target / name)  # the bytes alone: a temporary folder's rights would lock others out
        files[name.as_posix()] = _fingerprint(target / name)
    if not files or CARD in files:
        raise ValueError(f"{source}: holds {f'a file {CARD}' if files else 'no files'}, so it cannot be an entry")
    entry = Entry(kind, content_key(facts), target, json.loads(canonical(facts)), datetime.now(UTC))
    card = {
        "format": FORMAT,
        "kind": entry.kind,
        "key": entry.key,
        "facts": entry.facts,
        "created": entry.created.isoformat(),
        "files": files,
    }
    (target / CARD).write_text(json.dumps(card, indent=2) + "\n")
    return entry


def inspect(folder: Path) -> Entry | Damage | None:
    """The entry in `root/KIND/KEY`, every byte of it checked, or what is wrong with it, or None where nothing is."""
    while folder.is_dir():
        card = _read(folder / CARD)
        found = _checked(folder, card)
        if isinstance(found, Entry) or (folder.is_dir() and _read(folder / CARD) == card):
            return found
        # Replaced or removed while it was read: what looked like damage was two entries seen as one.
    return None


def size(folder: Path) -> int:
    """The bytes of all files below a folder."""
    return sum(path.stat().st_size for path in _files(folder))


def _named(source: Source) -> Iterator[tuple[Path, Path]]:
    """Every file, and what it is called in the entry."""
    for name, place in ({".": source} if isinstance(source, Path) else source).items():
        for path in sorted(_files(place)) if name == "." or place.is_dir() else [place]:
            yield path, name / path.relative_to(place)


def _files(folder: Path) -> Iterator[Path]:
    for parent, _, names in os.walk(folder, followlinks=True):
        yield from (Path(parent, name) for name in names)


def _fingerprint(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"bytes": path.stat().st_size, "sha256": digest}


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _checked(folder: Path, text: bytes | None) -> Entry | Damage:
    if text is None:
        return Damage(folder, f"{CARD} is missing or cannot be read")
    try:
        card = json.loads(text)
        if card["format"] != FORMAT:
            return Damage(folder, f"{CARD} has format {card['format']}, this version reads {FORMAT}")
        created, key = datetime.fromisoformat(card["created"]).astimezone(UTC), content_key(card["facts"])
        reasons = [_wrong(folder, name, expected) for name, expected in card["files"].items()]
        names = card["kind"], card["key"]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return Damage(folder, f"{CARD} is no card of an entry ({type(error).__name__}: {error})")
    if names != (folder.parent.name, folder.name) or key != folder.name:
        return Damage(folder, f"{CARD} tells of other work than asked for (kind {names[0]}, its facts give {key})")
    for reason in filter(None, reasons):
        return Damage(folder, reason)
    return Entry(*names, folder, card["facts"], created)


def _wrong(folder: Path, name: str, expected: Mapping[str, Any]) -> str | None:
    if not (folder / name).resolve().is_relative_to(folder.resolve()):
        return f"{name} is outside"
    try:
        found = _fingerprint(folder / name)
    except OSError as error:
        return f"{name} cannot be read ({error.strerror})"
    for fact, value in found.items():
        if value != expected[fact]:
            return f"{name} has {fact} {str(value)[:12]}, its card says {str(expected[fact])[:12]}"
    return None
