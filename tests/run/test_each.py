"""What is said of a split and meant of its tasks."""

from __future__ import annotations

import pytest
from hydra import compose
from omegaconf import OmegaConf

from deltalab.errors import UserError
from deltalab.run.each import each
from deltalab.run.nested import task_node
from deltalab.run.splits import spread

from .support import CONF, composed

SPLIT = "task=split/builtin_emotion"
BOTH = ("task.seen.story_emotion", "task.unseen.message_emotion")


def told(*words):
    with composed():
        return each(words, lambda wanted: compose("train", wanted))


@pytest.mark.parametrize("rest", ["sizes.dev=7", "sizes={train: 48, dev: 12, test: 12}", "shots=null", "noise=0"])
def test_a_key_of_all_tasks_is_one_of_each(rest):
    assert told("seed=1", f"task.{rest}", SPLIT, "data.batch_size=8") == [
        "seed=1",
        *(f"{task}.{rest}" for task in BOTH),
        SPLIT,
        "data.batch_size=8",
    ]


@pytest.mark.parametrize(
    "words",
    [
        ["task=topic", "task.sizes.dev=7"],
        [SPLIT, "task.seen.story_emotion.sizes.dev=7"],
        [SPLIT, "task.name=mine"],
        [SPLIT, "task.sizes.none=7"],
        [SPLIT, "task.name.dev=7"],
        [SPLIT, "task.sizes.dev=7,8"],
        [SPLIT, "+task.only=story_emotion"],
        [SPLIT, "seed=1"],
        ["task=split/crossfit_60", "task.limit.dev=7"],
    ],
)
def test_other_words_stay_as_they_are(words):
    assert told(*words) == words


def test_the_last_task_named_is_the_one():
    assert told(SPLIT, "task.sizes.dev=7", "task=topic") == [SPLIT, "task.sizes.dev=7", "task=topic"]


def test_a_command_line_and_its_source_mean_every_task():
    words = spread(["stage=optimize", "subspace=d4", SPLIT, "task.sizes.dev=7"], CONF, "train")
    with composed(*(word for word in words if not word.startswith(("-", "+")))) as config:
        tasks = [config.task, task_node(config.subspace.source_task, "subspace.source_task")]
        assert [one[side][name].sizes.dev for one in tasks for _, side, name in (b.split(".") for b in BOTH)] == [7] * 4


def test_a_source_means_every_task():
    with composed("subspace.source_task=['task=split/builtin_emotion','task.sizes.dev=7']") as config:
        node = task_node(config.subspace.source_task, "subspace.source_task")
        assert [OmegaConf.select(node, f"{b.removeprefix('task.')}.sizes.dev") for b in BOTH] == [7, 7]


def test_a_key_that_no_task_has():
    told = r"source=.*task\.sizes\.devv=7.*: task: unknown key 'sizes'; did you mean seen or unseen"
    with composed(), pytest.raises(UserError, match=told):
        task_node(["task=split/builtin_emotion", "task.sizes.devv=7"], "source")
