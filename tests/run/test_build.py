"""Objects from config nodes, and mistakes told by the key where they stand."""

from __future__ import annotations

import pytest
from hydra.errors import InstantiationException
from omegaconf import OmegaConf
from omegaconf.errors import MissingMandatoryValue

from deltalab.delta.lora import Lora
from deltalab.errors import UserError
from deltalab.run.build import build, listed, plain, whole
from deltalab.schedule import Schedule

HERE = f"{__name__}."


@pytest.fixture(autouse=True)
def _trusted(monkeypatch):
    monkeypatch.setattr("deltalab.trust._also", {"tests"})


class Thing:
    """Holds a schedule; refuses some sizes, and breaks at others."""

    def __init__(self, size: int, schedule: Schedule | None = None, late: str = "") -> None:
        if size == 0:
            raise UserError("size=0: must be above 0")
        if size == 1:
            raise UserError("rows.tsv:3: size is written there")
        if size == 2:
            raise ZeroDivisionError
        if late == "wrong":
            raise UserError("late=wrong: not that one")
        self.size, self.schedule, self.late = size, schedule, late


def node(**settings):
    """A config with a thing at `room.thing`."""
    return OmegaConf.create({"room": {"thing": {"_target_": HERE + "Thing", **settings}}, "half": 3})


def test_an_object_with_the_objects_inside_it():
    inner = {"_target_": "deltalab.schedule.Schedule", "shape": "linear"}
    made = build(node(size="${half}", schedule=inner), "room.thing")
    assert (made.size, made.schedule) == (3, Schedule("linear"))


def test_lists_arrive_as_lists():
    config = OmegaConf.create({"delta": {"_target_": "deltalab.delta.lora.Lora", "roles": ["attn.q"]}})
    made = build(config, "delta")
    assert isinstance(made, Lora)
    assert type(made.roles) is list


def test_a_partial_takes_what_comes_later():
    assert build(node(size=5), "room.thing", late=("late",))(late="now").late == "now"


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"size": 0}, "room.thing.size=0: must be above 0"),
        ({"size": 1}, "rows.tsv:3: size is written there"),
        ({"size": "a"}, "room.thing.size=a: must be a whole number"),
        ({"sise": 3}, "room.thing: unknown key 'sise'; did you mean size or schedule? allowed: late, schedule, size"),
        ({}, "room.thing.size: needs a value; give room.thing.size=..."),
        (
            {"size": 3, "schedule": {"_target_": "deltalab.schedule.Schedule", "warmup": 2}},
            "room.thing.schedule.warmup=2: a fraction of the run, at least 0 and below 1",
        ),
        (
            {"size": 3, "schedule": {"_target_": "deltalab.schedule.Schedule", "warmup": "a"}},
            "room.thing.schedule.warmup=a: must be a number",
        ),
    ],
    ids=str,
)
def test_a_mistake_is_told_by_its_key(settings, message):
    with pytest.raises(UserError) as caught:
        build(node(**settings), "room.thing")
    assert str(caught.value) == message


def test_a_mistake_of_a_late_argument_is_told_too():
    with pytest.raises(UserError, match=r"^late=wrong: not that one$"):
        build(node(size=3), "room.thing", late=("late",))(late="wrong")
    with pytest.raises(UserError, match=r"^room\.thing\.size=0: must be above 0$"):
        build(node(size=0), "room.thing", late=("late",))(late="fine")


def test_a_fault_inside_stays_a_fault():
    with pytest.raises(InstantiationException):
        build(node(size=2), "room.thing")


@pytest.mark.parametrize("where", ["half", "room", "nowhere"])
def test_what_describes_nothing_is_refused(where):
    with pytest.raises(UserError, match=rf"^{where}=.*: describes nothing that could be built"):
        build(node(size=3), where)


def test_an_unknown_target_is_refused():
    config = OmegaConf.create({"delta": {"_target_": "deltalab.delta.lora.Lorra"}})
    with pytest.raises(UserError, match=r"^delta\._target_=deltalab\.delta\.lora\.Lorra: "):
        build(config, "delta")


def test_a_mandatory_value_is_missed_by_its_full_key():
    with pytest.raises(MissingMandatoryValue, match=r"room\.thing\.size"):
        build(node(size="???"), "room.thing")


def test_small_helpers():
    config = OmegaConf.create({"a": "${b}", "b": [1, {"c": 2}]})
    assert plain(config) == {"a": [1, {"c": 2}], "b": [1, {"c": 2}]}
    assert [listed(value) for value in (None, 3, [3], config.b)] == [None, [3], [3], [1, {"c": 2}]]
    assert whole(3, "key") == 3
    for value in (-1, 1.0, True, "3", None):
        with pytest.raises(UserError, match=rf"^key={value}: must be a whole number, at least 0$"):
            whole(value, "key")
    with pytest.raises(UserError, match=r"^key=9: must be a whole number, at least 2 and at most 8$"):
        whole(9, "key", 2, 8)
