"""A split keeps its two sides apart."""

from __future__ import annotations

import pytest

from deltalab.errors import UserError
from deltalab.task.builtin import make
from deltalab.task.split import Split

SIZES = {"train": 20, "dev": 5, "test": 5}


def test_two_sides():
    movie, topic = make("movie_sentiment", SIZES), make("topic", SIZES)
    split = Split("two", {"movie_sentiment": movie}, {"topic": topic})
    assert (split.seen["movie_sentiment"], split.unseen["topic"]) == (movie, topic)


def test_an_empty_side_is_refused():
    with pytest.raises(UserError, match=r"^unseen: a split needs"):
        Split("one", {"topic": make("topic", SIZES)}, {})
    with pytest.raises(UserError, match=r"^seen: a split needs"):
        Split("one", {}, {"topic": make("topic", SIZES)})


def test_the_same_rows_on_both_sides_are_refused():
    with pytest.raises(UserError, match=r"^unseen\.other: has the same rows as the seen task topic"):
        Split("twice", {"topic": make("topic", SIZES)}, {"other": make("topic", SIZES)})
    Split("seeds", {"topic": make("topic", SIZES)}, {"other": make("topic", SIZES, seed=1)})
