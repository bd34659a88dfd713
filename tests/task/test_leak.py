"""Test rows of one task among the training rows of others, against counts by hand."""

from __future__ import annotations

import warnings

import pytest

from deltalab.task.assemble import assemble
from deltalab.task.example import Example
from deltalab.task.leak import Leak, leaks, warn_of_leaks, warn_of_names
from deltalab.task.metric import metric_named


def made(name, train, test):
    def rows(texts):
        return [Example(text, ("yes" if i % 2 else "no",)) for i, text in enumerate(texts)]

    return assemble(
        name, {"train": rows(train), "dev": rows(["d1", "d2"]), "test": rows(test)}, metric_named("ACC"), ("no", "yes")
    )


NEW = made("new", ["a", "b"], ["one  Text", "two", "three", "two"])


def test_rows_are_counted_for_each_source():
    with_two, with_none = made("old", ["One text", "TWO", "x"], ["three"]), made("other", ["y", "z"], ["two"])
    assert leaks(NEW, [with_two, with_none]) == {"old": 3}
    assert leaks(NEW, [NEW]) == {}


def test_a_leak_is_said_in_one_line():
    with pytest.warns(Leak, match=r"^new: test rows are training rows of the source: 3 of 4 in old$"):
        warn_of_leaks(NEW, [made("old", ["one text", "two"], ["q"])])
    with pytest.warns(Leak, match=r"^glue-rte: made from the same texts as the source: superglue-rte$"):
        warn_of_names("glue-rte", ["boolq", "superglue-rte"])


def test_nothing_is_said_without_one():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn_of_leaks(NEW, [made("old", ["p", "q"], ["two"])])
        warn_of_names("glue-rte", ["boolq", "glue-rte"])
