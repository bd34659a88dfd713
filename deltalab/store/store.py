"""Finished work is kept under the facts that determine it, and found instead of made again."""

from __future__ import annotations

import os
import re
import shutil
import uuid
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from pathlib import Path
from shlex import quote
from typing import Any, final

from deltalab.errors import UserError
from deltalab.store.entry import Damage, Entry, Source, inspect, size, write
from deltalab.store.key import KEY_LENGTH, content_key
from deltalab.store.lock import held
from deltalab.store.work import clear, workplace

__all__ = ["DEFAULT_ROOT", "Store"]

DEFAULT_ROOT = "store"
_KIND, _KEY = re.compile("[a-z_]+"), re.compile(f"[0-9a-f]{{{KEY_LENGTH}}}")
_PARTS, _LOCKS = ".parts", ".locks"


@final
class Store:
    """Entries in `root/KIND/KEY`; with `rebuild`, only those that this very object published are found.

    `keep` says whether a run is to put its own outcome here, beside what it made because it rests on it.

    So that work is done once, however many processes ask for it, and read before anybody replaces it:

        with store.lock(kind, facts):
            entry = store.find(kind, facts) or store.publish(kind, facts, make())
            ... read the files of entry.path ...

    All raise `UserError` for a kind that is not of lower-case letters and underscores, `TypeError` for facts that are
    not JSON.
    """

    def __init__(self, root: str | Path, rebuild: bool = False, keep: bool = True) -> None:
        self.root, self.keep = Path(root), keep
        self._rebuild = rebuild
        self._own: set[Path] = set()

    def lock(self, kind: str, facts: Mapping[str, Any]) -> AbstractContextManager[None]:
        """Hold the lock of this work among all processes; a process that dies lets go of it."""
        return self._alone(self._folder(kind, facts))

    def find(self, kind: str, facts: Mapping[str, Any]) -> Entry | None:
        """The entry of these facts, every byte of it checked, or None; raises `UserError` where it is damaged."""
        folder = self._folder(kind, facts)
        if self._rebuild and folder not in self._own:
            return None
        found = inspect(folder)
        if isinstance(found, Damage):
            where = "" if str(self.root) == DEFAULT_ROOT else f" --root {quote(str(self.root))}"
            command = f"python -m deltalab.store prune {folder.name}{where}"
            raise UserError(f"store entry {folder}: {found.reason}; remove it with `{command}`")
        return found

    def publish(self, kind: str, facts: Mapping[str, Any], source: Source) -> Entry:
        """Copy the files of a folder, or of several by name, into the store, in place of an older entry of these facts.

        The entry appears whole or not at all, and never while another process holds its lock. Raises `ValueError` for a
        source without files.
        """
        place = self._folder(kind, facts)
        part, older = self._part(place), None
        with self.lock(kind, facts), self._writing():
            try:
                entry = write(part, kind, facts, source)
                place.parent.mkdir(exist_ok=True)
                older = self._set_aside(place)
                os.rename(part, place)
            finally:
                for rest in filter(None, (part, older)):
                    shutil.rmtree(rest, ignore_errors=True)
        self._own.add(place)
        return replace(entry, path=place)

    def workplace(self, kind: str, facts: Mapping[str, Any]) -> AbstractContextManager[Path]:
        """A folder to do this work in, with what a killed process has left of it; gone once the work is done.

        Whoever holds the lock of the work has it alone.
        """
        return workplace(self.root, f"{kind}-{self._folder(kind, facts).name}")

    def folders(self) -> list[Path]:
        """The folders of all entries, unchecked, by kind and key."""
        found = (path for path in self.root.glob("*/*") if path.is_dir())
        return sorted(path for path in found if _KIND.fullmatch(path.parent.name) and _KEY.fullmatch(path.name))

    def survey(self) -> tuple[list[Entry], list[Damage]]:
        """The whole entries, newest last, and the damaged ones; every byte is checked."""
        found = [inspect(folder) for folder in self.folders()]
        whole = [entry for entry in found if isinstance(entry, Entry)]
        return sorted(whole, key=lambda entry: entry.created), [bad for bad in found if isinstance(bad, Damage)]

    def entries(self) -> list[Entry]:
        """The whole entries, newest last."""
        return self.survey()[0]

    def prune(self, folders: Iterable[Path] = ()) -> list[tuple[str, int]]:
        """Remove these entries and what processes left that were killed while publishing: name and bytes of each.

        Waits for whoever holds the lock of an entry.
        """
        folders, parts, own = list(folders), self.root / _PARTS, {}
        if not folders and not parts.is_dir():
            return []
        for folder in folders:  # one lock of an entry at a time: nobody who holds another waits for this process
            with self._alone(folder), self._writing():
                if (aside := self._set_aside(folder)) is not None:
                    own[aside] = f"{folder.parent.name}/{folder.name}"
        with self._writing():
            left = {part: f"leftover {part.name}" for part in sorted(parts.glob("*")) if part not in own}
            removed = [(name, size(part)) for part, name in (left | own).items()]
            for part in left | own:
                shutil.rmtree(part)
        return removed

    def clear(self, days: float) -> list[tuple[str, int]]:
        """Remove workplaces that no process is in and nobody has touched for so long: name and bytes of each."""
        return clear(self.root, days)

    def _folder(self, kind: str, facts: Mapping[str, Any]) -> Path:
        if not _KIND.fullmatch(kind):
            raise UserError(f"store {self.root}: kind '{kind}'; allowed: lower-case letters and underscores")
        return self.root / kind / content_key(facts)

    def _alone(self, folder: Path) -> AbstractContextManager[None]:
        return held(self.root / _LOCKS / f"{folder.parent.name}-{folder.name}")

    def _writing(self) -> AbstractContextManager[None]:
        """One writer at a time: what the holder finds in the folder of parts was left by a dead one."""
        return held(self.root / _LOCKS / "writing")

    def _part(self, folder: Path) -> Path:
        return self.root / _PARTS / f"{folder.parent.name}-{folder.name}-{uuid.uuid4().hex[:8]}"

    def _set_aside(self, folder: Path) -> Path | None:
        part = self._part(folder)
        with suppress(FileNotFoundError):
            part.parent.mkdir(exist_ok=True)
            os.rename(folder, part)
            return part
        return None
