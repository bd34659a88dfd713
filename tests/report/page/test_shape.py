"""Where a value does not have the shape that the page reads."""

from __future__ import annotations

import copy

import pytest

from deltalab.report.page.shape import RECORD, STAGES, misfit

from .records import job, moved, searched, tuned

WHOLE = [tuned([job("lora", 0, 0.5)]), searched([job("structure", 0, 0.5)]), moved(90.0, None, 80.0, 100.0)]


@pytest.mark.parametrize("record", WHOLE, ids=lambda record: record["stage"])
def test_a_whole_record_fits(record):
    assert misfit(record, RECORD) is None
    assert misfit(record, STAGES[record["stage"]]) is None


@pytest.mark.parametrize(
    ("way", "value", "told"),
    [
        (("task",), "sst", "task is 'sst', must be a mapping"),
        (("task", "name"), 3, "task.name is 3, must be a text"),
        (("metric",), None, "metric is missing, must be a text"),
        (("jobs",), {}, "jobs is {}, must be a list"),
        (("jobs", 1, "test", "value"), "0.5", "jobs[1].test.value is '0.5', must be a number"),
        (("jobs", 1, "seed"), 1.5, "jobs[1].seed is 1.5, must be a whole number"),
        (("jobs", 0, "parameters"), True, "jobs[0].parameters is True, must be a whole number"),
        (("majority",), "x" * 50, f"majority is '{'x' * 35} ..., must be a number"),
    ],
)
def test_the_first_misfit_is_told_with_its_place(way, value, told):
    record = copy.deepcopy(tuned([job("lora", 0, 0.5), job("lora", 1, 0.5)]))
    node = record
    for key in way[:-1]:
        node = node[key]
    node[way[-1]] = value
    assert misfit(record, STAGES["tune"]) == told


def test_tables_of_free_names_are_looked_through():
    record = moved(90.0, None, 80.0, 100.0)
    record["e_sub"]["lora"]["adapter"] = "high"
    assert misfit(record, STAGES["optimize"]) == "e_sub.lora.adapter is 'high', must be a number"
