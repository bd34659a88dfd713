"""Every yaml of a part of the search describes what it builds, and says what its constructor says."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from hydra import compose, initialize_config_dir
from hydra.utils import get_class, instantiate
from omegaconf import OmegaConf

from deltalab.search.gate import Gate
from deltalab.search.strategy import L0, Shift, TauTheta
from deltalab.search.upper import Exact, FiniteDifference, FirstOrder, OneLevel

CONF = Path(__file__).parents[2] / "conf"
MADE = {
    "strategy": {"shift": Shift(), "tau_theta": TauTheta(), "l0": L0()},
    "hypergradient": {
        "first_order": FirstOrder(),
        "finite_difference": FiniteDifference(),
        "exact": Exact(),
        "one_level": OneLevel(),
    },
    "gate": {
        "concrete": Gate(),
        "hard_concrete": Gate(low=-0.1, high=1.1),
        "straight_through": Gate("straight_through"),
        "soft": Gate("soft"),
        "published_hard": Gate("published_hard", rescue=True),
    },
}
MEMBERS = [(group, path.stem) for group in MADE for path in sorted((CONF / group).glob("*.yaml"))]


def config(group, name):
    with initialize_config_dir(str(CONF), version_base="1.3"):
        return compose(overrides=[f"+{group}={name}"])[group]


def test_every_one_is_listed_here():
    assert sorted(MEMBERS) == sorted((group, name) for group, named in MADE.items() for name in named)


@pytest.mark.parametrize(("group", "name"), MEMBERS)
def test_it_makes_what_it_is_named_for(group, name):
    assert instantiate(config(group, name), _convert_="all") == MADE[group][name]


@pytest.mark.parametrize(("group", "name"), MEMBERS)
def test_it_says_every_argument_and_opens_with_its_command(group, name):
    node = config(group, name)
    fields = {field.name for field in dataclasses.fields(get_class(node._target_))}
    assert set(OmegaConf.to_container(node)) == {"_target_", *fields}
    first = (CONF / group / f"{name}.yaml").read_text().splitlines()[0]
    assert first.startswith("# python search.py ")
    assert f"{group}={name}" in first.split()
