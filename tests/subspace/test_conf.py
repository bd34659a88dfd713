"""Every yaml in `conf/subspace` describes a maker, says what its constructor says, and makes a subspace."""

from __future__ import annotations

import dataclasses

import pytest
import torch
from hydra.utils import get_class
from omegaconf import OmegaConf

from deltalab.subspace.file import load, save
from deltalab.subspace.learned import Learned
from deltalab.subspace.maker import Maker

from .support import CONF, MEMBERS, bound, config, maker, moves, starts


@pytest.fixture(scope="module")
def deltas(backbone):
    return bound(backbone)


def made(name, deltas):
    made = maker(name)
    return made.make(deltas, starts(deltas), moves(deltas) if made.needs_solutions else None, 0)


def fields(name):
    return {field.name: field.default for field in dataclasses.fields(get_class(config(name)._target_))}


def written(name):
    return OmegaConf.to_container(OmegaConf.load(CONF / "subspace" / f"{name}.yaml"))


def test_there_are_members():
    assert {"d2", "d4", "d10", "d30", "d100", "random", "fastfood", "svd", "fastfood_learned"} <= set(MEMBERS)


@pytest.mark.parametrize("name", MEMBERS)
def test_it_opens_with_a_command_that_chooses_it(name):
    first = (CONF / "subspace" / f"{name}.yaml").read_text().splitlines()[0]
    assert first.startswith("# python train.py stage=")
    assert f"subspace={name}" in first.split()


@pytest.mark.parametrize("name", MEMBERS)
def test_keys_and_values_are_those_of_the_constructor_save_what_a_variant_changes(name):
    values = OmegaConf.to_container(config(name))
    assert isinstance(maker(name), Maker)
    assert set(fields(name)) <= set(values)
    changed = set(written(name)) - {"defaults"} if "defaults" in written(name) else set()
    for key, default in fields(name).items():
        if key not in changed:
            assert values[key] == default


def test_the_learned_ones_differ_in_the_dimension_alone():
    assert [maker(f"d{dim}") for dim in (2, 4, 10, 30, 100)] == [Learned(dim) for dim in (2, 4, 10, 30, 100)]


@pytest.mark.parametrize("name", MEMBERS)
def test_it_makes_a_subspace_around_theta0(deltas, name):
    subspace = made(name, deltas)
    assert subspace.dim == config(name).dim
    assert subspace.methods == list(deltas)
    for method, theta0 in starts(deltas).items():
        assert torch.equal(subspace.decode(method, torch.zeros(subspace.dim)), theta0)
        assert not torch.equal(subspace.decode(method, torch.ones(subspace.dim)), theta0)


@torch.no_grad()
@pytest.mark.parametrize("name", MEMBERS)
def test_what_it_makes_is_kept(deltas, name, tmp_path):
    subspace = made(name, deltas)
    save(subspace, tmp_path, {})
    again = load(tmp_path, deltas).subspace
    z = torch.ones(subspace.dim)
    for method, v in moves(deltas).items():
        assert torch.equal(again.decode(method, z), subspace.decode(method, z))
        if subspace[method].down is not None:
            assert torch.equal(again[method].code(v), subspace[method].code(v))
