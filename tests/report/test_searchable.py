"""Settings in one flat table."""

from __future__ import annotations

from deltalab.report.searchable import flat, searchable, stage

SETTINGS = {
    "run": "deltalab.run.tune.tune",
    "task": {"name": "topic", "sizes": {"train": 3}},
    "delta": {"rank": 8, "lr": 1e-3},
    "optimizer": {"lr": None, "betas": [0.9, 0.99]},
    "seed": 7,
    "subspace": {"dim": 4},
    "pack": {},
}


def test_nested_settings_become_dotted_keys() -> None:
    assert flat({"a": {"b": {"c": 1}, "d": [2]}, "e": {}, "f": None}) == {"a.b.c": 1, "a.d": [2], "e": {}, "f": None}


def test_what_runs_are_compared_by_stands_on_top() -> None:
    found = searchable(SETTINGS, "lora")
    top = {"task": "topic", "delta": "lora", "stage": "tune", "seed": 7, "lr": 1e-3, "d": 4}
    assert found.items() >= {**top, "task.sizes.train": 3, "delta.rank": 8, "pack": {}}.items()
    assert searchable({**SETTINGS, "optimizer": {"lr": 0.5}}, None)["lr"] == 0.5


def test_what_a_run_has_not_is_left_out() -> None:
    assert searchable({"run": "a.b", "seed": 1}, None) == {"run": "a.b", "seed": 1, "stage": "b"}
    assert stage(SETTINGS) == "tune"
