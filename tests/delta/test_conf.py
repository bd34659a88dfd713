"""Every yaml in `conf/delta` says exactly what its method's constructor says."""

from __future__ import annotations

import dataclasses

import pytest
from hydra.utils import get_class
from omegaconf import OmegaConf

from deltalab.delta.method import Method

from .helpers import CONF, MEMBERS, config, method


def fields(name):
    return {field.name: field.default for field in dataclasses.fields(get_class(config(name)._target_))}


def plain(value):
    return list(value) if isinstance(value, (tuple, list)) else value


@pytest.mark.parametrize("name", MEMBERS)
def test_keys_are_the_arguments_of_the_constructor(name):
    assert list(config(name)) == ["_target_", *fields(name)] or set(config(name)) == {"_target_", *fields(name)}


@pytest.mark.parametrize("name", MEMBERS)
def test_values_are_the_defaults_of_the_constructor_save_those_a_variant_changes(name):
    written = OmegaConf.to_container(OmegaConf.load(CONF / "delta" / f"{name}.yaml"))
    changed = set(written) if "defaults" in written else {key for key, value in written.items() if value == "???"}
    values = OmegaConf.to_container(config(name))
    kept = {key: value for key, value in values.items() if key not in changed and key != "_target_"}
    assert kept == {key: plain(value) for key, value in fields(name).items() if key in kept}
    for key in changed - {"defaults"}:
        assert values[key] != plain(fields(name)[key])


@pytest.mark.parametrize("name", MEMBERS)
def test_a_member_instantiates_to_a_method_with_a_learning_rate(name):
    made = method(name)
    assert isinstance(made, Method)
    assert made.lr > 0 or name == "frozen"


def test_every_method_of_the_package_has_a_yaml():
    described = {config(name)._target_ for name in MEMBERS}
    room = CONF.parent / "deltalab" / "delta"
    methods = {p.stem for p in room.glob("*.py") if "(Method):" in p.read_text()}
    assert methods == {target.split(".")[-2] for target in described}
