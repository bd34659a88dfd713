"""A task's own answers: splits, majority, fingerprint."""

import hashlib
from dataclasses import replace

import pytest

from deltalab.errors import UserError
from deltalab.task.builtin import make
from deltalab.task.example import Example
from deltalab.task.metric import metric_named
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


def test_a_score_of_some_answers_by_row():
    task = make("topic", {"train": 20, "dev": 6, "test": 5})
    right = {row: example.outputs[0] for row, example in enumerate(task.dev)}
    assert task.score("dev", right).details["rows"] == 6
    wrong = {row: right[row] if row > 2 else "nothing" for row in (4, 0, 5, 2)}
    expected = task.metric.score(
        ["nothing", "nothing", right[4], right[5]], [(right[r],) for r in (0, 2, 4, 5)], task.labels
    )
    assert task.score("dev", wrong) == expected


def test_groups_are_scored_together_and_belong_to_the_fingerprint():
    def task(groups: tuple[str | None, ...]) -> Task:
        rows = tuple(Example(str(row), ("yes",), group) for row, group in enumerate(groups))
        return Task("one", rows, rows, rows, metric_named("Group-EM"), ("no", "yes"), "rank")

    one, other = task(("a", "a", "b")), task(("a", "b", "b"))
    answers = {0: "yes", 1: "no", 2: "yes"}
    assert one.score("test", answers).value == 0.5
    assert one.score("test", {1: "no", 2: "yes"}).value == 0.5
    assert len({one.fingerprint, other.fingerprint, task((None,) * 3).fingerprint}) == 3
