"""Tables of records."""

from __future__ import annotations

from deltalab.report.tables import tables


def test_matrices_have_a_row_for_each_source() -> None:
    record = {
        "e_sub": {"lora": {"lora": 0.5, "ia3": 0.25}, "ia3": {"lora": 0.125, "ia3": 0.75}},
        "e_rel": {"lora": {"lora": 100.0, "ia3": None}, "ia3": {"lora": 25.0, "ia3": 110.0}},
    }
    assert tables(record) == {
        "e_sub": (["source", "lora", "ia3"], [["lora", 0.5, 0.25], ["ia3", 0.125, 0.75]]),
        "e_rel": (["source", "lora", "ia3"], [["lora", 100.0, None], ["ia3", 25.0, 110.0]]),
    }


def test_tasks_have_a_column_for_each_number_of_any_of_them() -> None:
    record = {
        "tasks": [
            {"name": "topic", "points": {"lora": {"centroid": 0.5}}, "rows": {"dev": 3}, "odd": [1, 2]},
            {"name": "emotion", "points": {"ia3": {"centroid": 0.25}}, "rows": {"dev": 4}},
        ]
    }
    columns = ["name", "points.lora.centroid", "rows.dev", "points.ia3.centroid"]
    assert tables(record) == {"tasks": (columns, [["topic", 0.5, 3, None], ["emotion", None, 4, 0.25]])}


def test_a_tuning_has_none_of_these() -> None:
    assert tables({"jobs": [{"name": "lora"}]}) == {}
