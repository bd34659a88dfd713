"""What every built-in task owes: the same rows for the same arguments, no row twice, and no easy way out."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from deltalab.errors import UserError
from deltalab.task.builtin import make
from deltalab.task.builtin.bag import bag_of_words
from deltalab.task.builtin.make import RECIPES
from deltalab.task.builtin.recipe import Recipe
from deltalab.task.metric.accuracy import Accuracy
from deltalab.task.task import SPLITS, Task

EVERY = pytest.mark.parametrize("name", RECIPES)
NOISE = 0.05
CARDS = (Path(__file__).parents[3] / "docs" / "tasks.md").read_text()


@pytest.fixture(scope="module")
def tasks() -> dict[str, Task]:
    return {name: make(name) for name in RECIPES}


@EVERY
def test_default_sizes_and_the_declared_labels(tasks: dict[str, Task], name: str):
    task = tasks[name]
    assert [len(task.split(split)) for split in SPLITS] == [4000, 500, 1000]
    assert task.labels == RECIPES[name].labels
    assert task.evaluation == ("rank" if task.labels else "generate")
    if task.labels is not None:
        assert task.labels == tuple(sorted({row.outputs[0] for row in task.train}))


@EVERY
def test_no_input_twice(tasks: dict[str, Task], name: str):
    inputs = [row.input for split in SPLITS for row in tasks[name].split(split)]
    assert len(set(inputs)) == len(inputs) == 5500
    assert all(row == row.strip() and "\t" not in row and "\n" not in row for row in inputs)


FINGERPRINTS = {
    name: fingerprint
    for file in Path(__file__).with_name("fingerprints").glob("*.json")
    for name, fingerprint in json.loads(file.read_text(encoding="utf-8")).items()
}


@EVERY
def test_the_rows_never_change(tasks: dict[str, Task], name: str):
    assert tasks[name].fingerprint[:16] == FINGERPRINTS[name]
    assert make(name).fingerprint == tasks[name].fingerprint
    assert make(name, seed=1).fingerprint != tasks[name].fingerprint


@EVERY
def test_noise_alone_tells_two_noise_rates_apart(tasks: dict[str, Task], name: str):
    clean, noisy = make(name, noise=0), tasks[name]
    for split in SPLITS:
        assert [row.input for row in clean.split(split)] == [row.input for row in noisy.split(split)]
    wrong = sum(one.outputs != other.outputs for one, other in zip(clean.train, noisy.train, strict=True))
    assert 0.7 * NOISE < wrong / 4000 < 1.3 * NOISE


@EVERY
def test_dev_and_test_do_not_depend_on_the_size_of_train(tasks: dict[str, Task], name: str):
    small = make(name, {"train": 100})
    assert (small.dev, small.test) == (tasks[name].dev, tasks[name].test)
    assert small.train == tasks[name].train[:100]


@EVERY
def test_a_bag_of_words_stays_well_below_the_ceiling(tasks: dict[str, Task], name: str):
    task = tasks[name]
    if task.labels is None:
        pytest.skip("free text: there is no label to guess")
    bag = CountVectorizer(token_pattern=r"\w+|[^\w\s]")
    counts = bag.fit_transform(row.input for row in task.train)
    model = LogisticRegression(C=0.1, max_iter=300).fit(counts, [row.outputs[0] for row in task.train])
    guesses = model.predict(bag.transform(row.input for row in task.test)).tolist()
    score = task.metric.score(guesses, [row.outputs for row in task.test], task.labels)
    assert bag_of_words(task) == pytest.approx(score.value)
    documented = re.search(rf"`{name}` \|[^|]*\|[^|]*\|[^|]*\| (-?\d+) ", CARDS)
    assert 100 * score.value == pytest.approx(float(documented[1]), abs=1.5)
    assert score.value < 1 - NOISE - 0.15


@EVERY
def test_labels_are_about_balanced(tasks: dict[str, Task], name: str):
    task = tasks[name]
    if task.labels is not None:
        counts = Counter(row.outputs[0] for row in task.train)
        assert max(counts.values()) / 4000 < 1.2 / len(task.labels)


def test_bad_arguments():
    with pytest.raises(UserError, match=r"task\.name: unknown built-in task 'movie'; did you mean movie_sentiment"):
        make("movie")
    with pytest.raises(UserError, match=r"task\.sizes\.dev: '0' is not allowed"):
        make("topic", {"dev": 0})
    with pytest.raises(UserError, match=r"task\.sizes: unknown split 'valid'"):
        make("topic", {"valid": 3})
    with pytest.raises(UserError, match=r"task\.sizes: '100' is not allowed"):
        make("topic", 100)  # type: ignore[arg-type]
    with pytest.raises(UserError, match=r"task\.seed: '-1'"):
        make("topic", seed=-1)
    for noise in (1, -0.1, "much", True, float("nan")):
        with pytest.raises(UserError, match=rf"task\.noise: '{noise}' is not allowed; .*from 0 to below 1"):
            make("topic", noise=noise)  # type: ignore[arg-type]


def test_more_rows_than_a_recipe_has(monkeypatch):
    monkeypatch.setitem(RECIPES, "coin", Recipe(lambda chance: (chance.choice("ab"), "x"), Accuracy(), ("x", "y")))
    with pytest.raises(UserError, match=r"task\.sizes: built-in task coin has about 2 distinct rows"):
        make("coin", {"train": 3, "dev": 1, "test": 1})


def test_evaluation_can_be_chosen():
    assert make("topic", {"train": 50}, evaluation="generate").evaluation == "generate"


def test_shots_are_rows_of_each_class_of_the_task_itself():
    sizes = {"train": 200, "dev": 30, "test": 30}
    full, few = make("topic", sizes, noise=0.2), make("topic", sizes, noise=0.2, shots=3)
    assert few.test == full.test
    assert few.labels == full.labels
    for split in ("train", "dev"):
        rows, kept = full.split(split), few.split(split)
        assert [row for row in rows if row in set(kept)] == list(kept)
        had, has = (Counter(row.outputs[0] for row in given) for given in (rows, kept))
        assert has == {label: min(3, count) for label, count in had.items()}


def test_without_a_label_set_shots_are_rows():
    assert len(make("past_tense", shots=5).train) == 5


def test_less_than_one_shot_is_refused():
    with pytest.raises(UserError, match=r"task\.shots"):
        make("topic", shots=0)
