"""The files of a search, read back and refused."""

from __future__ import annotations

import json

import pytest

from deltalab.delta.candidates import UnitName
from deltalab.errors import UserError
from deltalab.report.picture.searched import searched

from .searches import leave

UNITS = [UnitName("lora", "ffn.in", "encoder", 0, part) for part in (0, 1)]
UNITS += [UnitName("bias", "norm.final", "decoder", None)]
P = [[0.1, 0.2, 0.3], [0.4, 0.5, 0.6], [0.7, 0.8, 0.9]]
RECORD = {"stage": "search", "task": {"name": "sst"}, "choice": "search", "search": {}}


def test_the_files_are_read_back(tmp_path):
    found = searched(leave(tmp_path, UNITS, P, [[0], [2, 1], [0, 1]], [1, 2]), RECORD)
    assert found.units == UNITS
    assert (found.task, found.steps, found.p.tolist()) == ("sst", [10, 20, 30], P)
    assert (found.selected, sorted(found.chosen)) == (1, [1, 2])


def test_of_evaluations_that_chose_the_same_the_best_step_counts_else_the_last(tmp_path):
    folder = leave(tmp_path, UNITS, P, [[0], [0], [1]], [0])
    assert searched(folder, RECORD).selected == 1
    assert searched(folder, RECORD | {"search": {"best_step": 10}}).selected == 0
    assert searched(folder, RECORD | {"search": {"best_step": 30}}).selected == 1


def test_without_a_trajectory_there_was_no_search(tmp_path):
    assert searched(tmp_path, RECORD) is None


def damage(content, **changed):
    return json.dumps({**content, **changed})


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda c: "no { JSON", "damaged"),
        (lambda c: "[1]", "damaged"),
        (lambda c: damage(c, format=2), "format 2, this version reads 1"),
        (lambda c: damage(c, p=P[:2]), "damaged"),
        (lambda c: damage(c, p=[[1, 2]] * 3), "damaged"),
        (lambda c: damage(c, steps=[], p=[], chosen=[]), "damaged"),
        (lambda c: damage(c, chosen=[[0]] * 2), "damaged"),
        (lambda c: damage(c, chosen=[[1]] * 3), "no evaluation chose its units"),
        (lambda c: damage(c, units=[{**unit, "layer": 7} for unit in c["units"]]), "of another search"),
        (lambda c: json.dumps({key: value for key, value in c.items() if key != "steps"}), "damaged.*'steps'"),
    ],
)
def test_files_that_are_damaged_or_of_two_searches_are_refused(change, told, tmp_path):
    leave(tmp_path, UNITS, P, [[0]] * 3, [0])
    path = tmp_path / "trajectory.json"
    path.write_text(change(json.loads(path.read_text())))
    with pytest.raises(UserError, match=told) as caught:
        searched(tmp_path, RECORD)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


def test_a_trajectory_without_a_structure_is_refused(tmp_path):
    leave(tmp_path, UNITS, P, [[0]] * 3, [0])
    (tmp_path / "structure.yaml").unlink()
    with pytest.raises(UserError, match=r"structure\.yaml: no such file"):
        searched(tmp_path, RECORD)
