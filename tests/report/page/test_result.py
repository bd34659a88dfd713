"""What a job scores, whatever its stage."""

from __future__ import annotations

import pytest

from deltalab.report.page.result import results
from deltalab.report.page.run import read

from .records import config, job, leave, moved, tuned


def test_shares_are_parts_per_million_of_the_backbone(tmp_path):
    (result,) = results(read(leave(tmp_path, tuned([job("lora", 3, 0.25, dev=None, size=1234)]))))
    assert (result.ppm, result.parameters, result.seed, result.test, result.dev) == (1234.0, 1234, 3, 0.25, None)


def test_a_source_that_was_not_decoded_as_itself_has_no_result(tmp_path):
    record = moved(90.0, 80.0, 70.0, 100.0)
    del record["jobs"][0]["test"]["adapter"]
    assert [result.method for result in results(read(leave(tmp_path, record)))] == ["lora, learned subspace d=4"]


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        ({"seed": 5}, True),
        ({"pack": {"seed": [1, 2]}}, True),
        ({"logger": {"csv": {}}}, True),
        ({"trainer": {"max_steps": 9, "devices": 2, "accelerator": "cpu"}}, True),
        ({"pack": {"seed": None, "lr": [0.1]}}, False),
        ({"needs": {"tune": ["trainer.max_steps=3"]}}, False),
        ({"solution": "elsewhere"}, False),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_setting_is_what_is_tried_not_where_or_how_often(tmp_path, changed, same):
    records = [tuned([job("lora", 0, 0.5)], config=one) for one in (config(), config(**changed))]
    one, other = (results(read(leave(tmp_path / str(i), record)))[0] for i, record in enumerate(records))
    assert (one.setting == other.setting) == same
