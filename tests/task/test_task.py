"""A task's own answers: splits, majority, fingerprint."""

import hashlib
from dataclasses import replace

import pytest

from deltalab.errors import UserError
from deltalab.task.example import Example
from deltalab.task.metric.accuracy import Accuracy
from deltalab.task.metric.squad import ExactMatch
from deltalab.task.task import Task


def example(text: str, *outputs: str) -> Example:
    return Example(text, outputs)


TASK = Task(
    "toy",
    (example("a", "yes"), example("b", "no", "yes"), example("c", "yes"), example("d", "no")),
    (example("e", "no"),),
    (example("f", "yes"),),
    Accuracy(),
    ("no", "yes"),
    "rank",
)


def test_split_by_name():
    assert TASK.split("dev") == TASK.dev
    with pytest.raises(UserError, match=r"task toy: unknown split 'valid'.*allowed: dev, test, train"):
        TASK.split("valid")


def test_majority_counts_first_outputs_and_breaks_ties_by_order():
    assert TASK.majority() == "no"
    assert replace(TASK, train=(*TASK.train, example("g", "yes"))).majority() == "yes"


def test_fingerprint_is_stable():
    rows = {"train": ['["a", "yes"]', '["b", "no", "yes"]', '["c", "yes"]', '["d", "no"]']}
    rows |= {"dev": ['["e", "no"]'], "test": ['["f", "yes"]']}
    text = "".join(f"{split}\n" + "".join(f"{row}\n" for row in found) for split, found in rows.items())
    assert TASK.fingerprint == hashlib.sha256(f'{text}["ACC", ["no", "yes"]]'.encode()).hexdigest()


@pytest.mark.parametrize(
    "changed",
    [
        replace(TASK, train=TASK.train[::-1]),
        replace(TASK, dev=(example("e", "yes"),)),
        replace(TASK, test=(example("f", "yes", "no"),)),
        replace(TASK, dev=TASK.test, test=TASK.dev),
        replace(TASK, metric=ExactMatch()),
        replace(TASK, labels=None),
    ],
)
def test_fingerprint_sees_every_change(changed: Task):
    assert changed.fingerprint != TASK.fingerprint


def test_fingerprint_ignores_name_and_evaluation():
    assert replace(TASK, name="other", evaluation="generate").fingerprint == TASK.fingerprint
