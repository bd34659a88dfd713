"""GPUs and threads for jobs that run at once."""

from __future__ import annotations

import pytest
import torch

from deltalab.sweep.slots import slots, visible

GPUS = "CUDA_VISIBLE_DEVICES"


@pytest.mark.parametrize(
    ("count", "devices", "shares"),
    [
        (2, ["0", "1"], ["0", "1"]),
        (2, ["3", "5", "7"], ["3,7", "5"]),
        (2, ["GPU-a", "GPU-b", "GPU-c", "GPU-d"], ["GPU-a,GPU-c", "GPU-b,GPU-d"]),
        (5, ["0", "1"], ["0", "1", "0", "1", "0"]),
        (3, ["4"], ["4", "4", "4"]),
    ],
)
def test_devices_are_shared_out(count, devices, shares):
    assert [slot[GPUS] for slot in slots(count, devices, 8, {})] == shares


def test_without_devices_places_are_plain():
    assert slots(3, [], 8, {}) == [{"OMP_NUM_THREADS": "2"}] * 3


def test_threads_are_the_users_where_given_and_never_none():
    assert slots(2, [], 8, {"OMP_NUM_THREADS": "5"}) == [{}, {}]
    assert slots(4, [], 2, {}) == [{"OMP_NUM_THREADS": "1"}] * 4


def test_one_place_is_the_machine_as_it_is():
    assert slots(1, ["0", "1"], 8, {}) == [{}]


@pytest.mark.parametrize(
    ("given", "names"),
    [("0,2", ["0", "2"]), (" 1 , 3 ", ["1", "3"]), ("", []), ("-1", []), ("0,-1,1", ["0"]), ("MIG-x", ["MIG-x"])],
)
def test_devices_are_those_that_cuda_shows(given, names):
    assert visible({GPUS: given}) == names


def test_all_devices_are_visible_where_nothing_is_said(monkeypatch):
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 3)
    assert visible({}) == ["0", "1", "2"]
