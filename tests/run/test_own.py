"""Code of the user's own is part of what determines a run."""

from __future__ import annotations

import importlib
import sys
from dataclasses import asdict

import pytest

from deltalab.delta.lora import Lora
from deltalab.run.facts import method_facts
from deltalab.run.own import code, codes
from deltalab.trust import trust

OWN = """
from dataclasses import dataclass


@dataclass(frozen=True)
class Lora:
    rank: int = 8
    lr: float = 1e-3
"""


@pytest.fixture
def modules(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("own_first", "own_second"):
        (tmp_path / f"{name}.py").write_text(OWN)
    yield tmp_path
    for name in ("own_first", "own_second"):
        sys.modules.pop(name, None)


def test_ours_is_known_by_its_name():
    assert code(Lora()) == {}
    assert method_facts(Lora()) == {"kind": "Lora"} | {k: v for k, v in asdict(Lora()).items() if k != "lr"}


def test_classes_of_one_name_are_told_apart(modules):
    one, other = (importlib.import_module(name).Lora() for name in ("own_first", "own_second"))
    assert method_facts(one) != method_facts(other)
    assert method_facts(one)["class"] == "own_first.Lora"
    assert {**method_facts(one), "class": None} == {**method_facts(other), "class": None}


def test_a_changed_file_is_other_code(modules):
    before = method_facts(importlib.import_module("own_first").Lora())
    (modules / "own_first.py").write_text(OWN + "# another update\n")
    assert method_facts(importlib.import_module("own_first").Lora())["code"] != before["code"]


def test_a_class_without_a_file():
    assert code(type("Own", (), {"__module__": "nowhere"})()) == {"class": "nowhere.Own"}


def test_targets_of_settings_are_told_by_their_files(modules):
    trust(["own_first", "own_second"])
    ours, first, second = ({"_target_": f"{name}.Lora"} for name in ("deltalab.delta.lora", "own_first", "own_second"))
    assert codes({"optimizer": ours, "lr": 1.0}) == {}
    found = codes({"template": [{"inner": first}], "stage": second})
    assert set(found) == {"own_first.Lora", "own_second.Lora"}
    assert len(set(found.values())) == 1
    (modules / "own_first.py").write_text(OWN + "# another update\n")
    changed = codes([first, second])
    assert changed["own_first.Lora"] != found["own_first.Lora"]
    assert changed["own_second.Lora"] == found["own_second.Lora"]
    trust([])
