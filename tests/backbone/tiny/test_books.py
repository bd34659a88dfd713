"""Books by name, and what is said where one lacks what it wants."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from deltalab.backbone.tiny.books import BOOKS, books
from deltalab.backbone.tiny.settings import Settings
from deltalab.errors import UserError
from tests.backbone.tiny.test_wordnet import WORDS, write

TEXTS = [f"the {word} and the lovely tea were awful on that day ." for word in sorted(WORDS)] * 6


def settings(tmp_path, *names, **more):
    return Settings((Path("text.txt"),), tmp_path, books=names, **more)


def test_every_book(tmp_path):
    tones = tmp_path / "tones.txt"
    tones.write_text("lovely\t2\nawful\t-2\n", encoding="utf-8")
    wanted = settings(tmp_path, *BOOKS, tones=tones, wordnet=write(tmp_path / "dict"))
    found = books(wanted, TEXTS)
    assert list(found) == list(BOOKS)
    rng = np.random.default_rng(0)
    for book in found.values():
        for exercise in book:
            question, answer = exercise(TEXTS[0], TEXTS[1], TEXTS[2], rng)
            assert question
            assert answer


@pytest.mark.parametrize(
    ("name", "told"), [("poems", "unknown book 'poems'"), ("meaning", "--wordnet DIR"), ("tone", "--tones FILE")]
)
def test_what_is_missing_is_named(tmp_path, name, told):
    with pytest.raises(UserError, match=told):
        books(settings(tmp_path, name), TEXTS)
