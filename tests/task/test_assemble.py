"""The label set, the kind of evaluation, and what is refused or warned of."""

import warnings

import pytest

from deltalab.errors import UserError
from deltalab.task.assemble import UnseenLabels, assemble, label_set
from deltalab.task.example import Example
from deltalab.task.metric import Metric, metric_named
from deltalab.task.task import Task

ACC, EM, F1 = metric_named("ACC"), metric_named("EM"), metric_named("macro_f1")


def examples(*outputs: str) -> tuple[Example, ...]:
    return tuple(Example(f"row {row}", (output,)) for row, output in enumerate(outputs))


def built(train: tuple[Example, ...], metric: Metric = ACC, evaluation: str = "auto", **splits: tuple) -> Task:
    rows = {"train": train, "dev": train, "test": train} | splits
    return assemble("toy", rows, metric, label_set(train, metric, evaluation), evaluation, "here")


def test_few_labels_rank():
    task = built(examples(*"bcab" * 4))
    assert (task.labels, task.evaluation) == (("a", "b", "c"), "rank")


def test_answers_that_hardly_repeat_are_free_text():
    task = built(examples(*"abcdefga"))
    assert (task.labels, task.evaluation) == (None, "generate")
    assert built(examples(*"abab")).labels is None  # two rows a label are below four
    assert built(examples(*"ababbaba")).labels == ("a", "b")


def test_many_labels_are_a_set_but_generate():
    names = [f"label {n:03}" for n in range(65)] * 4
    task = built(examples(*names), F1)
    assert len(task.labels or ()) == 65
    assert task.evaluation == "generate"
    assert built(examples(*names[:64] * 4), F1).evaluation == "rank"


def test_a_metric_of_text_generates_unless_told_to_rank():
    rows = examples(*"ab" * 8)
    assert built(rows, EM).labels is None
    assert built(rows, EM, "rank").labels == ("a", "b")
    assert built(rows, EM, "rank").evaluation == "rank"
    assert built(rows, ACC, "generate").evaluation == "generate"
    assert built(rows, ACC, "generate").labels == ("a", "b")


@pytest.mark.parametrize("split", ["train", "dev", "test"])
def test_an_empty_split_is_named(split: str):
    rows = {name: () if name == split else examples("a") for name in ("train", "dev", "test")}
    with pytest.raises(UserError, match=rf"^here: the {split} split is empty"):
        assemble("toy", rows, ACC, None, source="here")


def test_labels_never_seen_in_train_are_warned_of():
    train = examples(*"ab" * 8)
    with pytest.warns(UnseenLabels, match=r"^here: dev has labels never seen in train: c, d$"):
        task = built(train, dev=examples("a", "d", "c"))
    assert task.labels == ("a", "b")
    with pytest.warns(UnseenLabels, match=r"test .*: c, d, e, f, g and 2 more$"):
        built(train, test=examples(*"cdefghi"))


def test_free_text_has_no_unseen_labels():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        built(examples(*"abcdef"), dev=examples("z"))


def test_a_metric_of_numbers_wants_numbers():
    with pytest.raises(UserError, match=r"^here: dev row 2 has output 'good', but Pearson-Correlation needs numbers"):
        built(examples("1", "2"), metric_named("pearson"), dev=examples("3", "good"))
