"""Names that stand for the same texts."""

from __future__ import annotations

from deltalab.task.metric.crossfit import table
from deltalab.task.same_source import SAME_SOURCE, same_source


def test_pairs_cross_the_sides_in_order():
    seen = ["superglue-rte", "boolq", "ethos-race", "ethos-religion"]
    unseen = ["qasc", "ethos-gender", "glue-rte"]
    assert same_source(seen, unseen) == [
        ("ethos-race", "ethos-gender"),
        ("ethos-religion", "ethos-gender"),
        ("superglue-rte", "glue-rte"),
    ]
    assert same_source(["glue-rte", "superglue-rte"], ["boolq"]) == []  # on one side they do no harm
    assert same_source(["glue-rte"], ["glue-rte"]) == []  # that is one task, which a split refuses by its rows


def test_the_names_are_crossfits_and_in_one_group_each():
    names = [name for group in SAME_SOURCE for name in group]
    assert len(names) == len(set(names))
    assert set(names) <= set(table())
    assert all(len(group) > 1 for group in SAME_SOURCE)


def test_every_task_under_both_glue_and_superglue_is_there():
    stems = [name.removeprefix("super").removeprefix("glue-") for name in table() if "glue-" in name]
    for stem in {stem for stem in stems if stems.count(stem) > 1}:
        assert same_source([f"superglue-{stem}"], [f"glue-{stem}"]) == [(f"superglue-{stem}", f"glue-{stem}")]
