"""Pages of documentation as something that runs: their commands and their code, made small."""

from __future__ import annotations

import re
import runpy
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import search
import train
from deltalab.task.builtin.make import SIZES

ROOT = Path(__file__).parent.parent
PROGRAMS = {"train.py": train.main, "search.py": search.main}
SMOKE = ["trainer=smoke", "callbacks=quiet", "logger=csv", "task.sizes={train: 40, dev: 8, test: 8}"]

_FENCE = re.compile(
    r"^```(?P<language>\w+)(?: title=\"(?P<title>[^\"]+)\")?\n(?P<text>.*?)^```", re.DOTALL | re.MULTILINE
)


@dataclass(frozen=True)
class Block:
    """A fenced block: what it is written in, the file that it is, if one, and its text."""

    language: str
    title: str | None
    text: str

    @property
    def lines(self) -> list[str]:
        """The commands of a block of bash; one may go on after a backslash."""
        return [line for line in re.sub(r"\\\n\s*", "", self.text).splitlines() if line.strip()]


def blocks(page: Path, *languages: str) -> list[Block]:
    """The blocks of a page in these languages, in order."""
    found = [Block(*match.group("language", "title", "text")) for match in _FENCE.finditer(page.read_text())]
    return [block for block in found if block.language in languages]


def commands(page: Path) -> list[str]:
    """The commands of a page."""
    return [line for block in blocks(page, "bash") for line in block.lines]


def run(line: str, monkeypatch: pytest.MonkeyPatch, *more: str) -> None:
    """A command of the programs or of a module of the package in this process, programs in two steps on few rows."""
    _, first, *words = shlex.split(line)
    if first == "-m":
        monkeypatch.setattr(sys, "argv", words)
        with pytest.raises(SystemExit) as end:
            runpy.run_module(words[0], run_name="__main__", alter_sys=True)
        assert not end.value.code, line
    else:
        monkeypatch.setattr(sys, "argv", [first, *words, *SMOKE, *more])
        PROGRAMS[first]()


def execute(code: str, known: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Code of a page, with names that earlier code left in `known`; built-in tasks are small where it does not say."""
    for split, size in {"train": 40, "dev": 8, "test": 8}.items():
        monkeypatch.setitem(SIZES, split, size)
    exec(compile(code, "page", "exec"), known)


def follow(page: Path, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything on a page that can be run, in order, in a folder; a block with a title becomes that file."""
    monkeypatch.chdir(place)
    known: dict[str, Any] = {}
    for block in blocks(page, "bash", "python", "yaml"):
        if block.title is not None:
            (place / block.title).parent.mkdir(parents=True, exist_ok=True)
            (place / block.title).write_text(block.text)
        elif block.language == "python":
            execute(block.text, known, monkeypatch)
        else:
            for line in block.lines if block.language == "bash" else ():
                run(line, monkeypatch)
