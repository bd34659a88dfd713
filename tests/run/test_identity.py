"""Which overrides are the same job."""

from __future__ import annotations

import pytest
from hydra import compose, initialize_config_dir
from hydra.core.hydra_config import HydraConfig

from deltalab.errors import UserError
from deltalab.run.identity import identity, subfolder

from .support import CONF


def config(*overrides: str, name: str = "train"):
    with initialize_config_dir(str(CONF), version_base="1.3"):
        return compose(name, overrides=list(overrides), return_hydra_config=True)


def test_the_same_settings_are_the_same_job():
    key = identity(config("delta=lora", "seed=3"))
    same = [
        ["seed=3", "delta=lora"],
        ["seed=3", "delta=lora", "delta.rank=8"],  # as it is anyway
        ["seed=3", "delta=lora", "sweep.jobs=4", "sweep.retry=0"],
        ["seed=3", "delta=lora", "hydra.run.dir=elsewhere", "hydra.verbose=true"],
    ]
    assert {identity(config(*words)) for words in same} == {key}
    other = [["seed=4"], ["seed=3", "delta=lora", "delta.rank=4"], ["seed=3", "delta=lora", "logger=none"]]
    assert key not in {identity(config(*words)) for words in other}


def test_programs_have_jobs_of_their_own_and_hydra_is_left_as_it_was():
    before = HydraConfig.instance().cfg
    assert identity(config()) != identity(config(name="search"))
    assert HydraConfig.instance().cfg is before


def test_a_job_gets_the_next_number_that_is_free():
    taken = {"2", "3"}
    assert subfolder(config(), 1, taken.__contains__) == "1"
    assert subfolder(config(), 2, taken.__contains__) == "4"


def test_a_subdir_that_tells_no_jobs_apart_is_a_mistake():
    fixed = config("hydra.sweep.subdir=same")
    assert subfolder(fixed, 0, set().__contains__) == "same"
    with pytest.raises(UserError, match=r"hydra\.sweep\.subdir=same: two jobs would share it"):
        subfolder(fixed, 0, {"same"}.__contains__)


@pytest.mark.parametrize("name", ["../elsewhere", "/elsewhere", "a/../../b"])
def test_a_subdir_that_leads_out_of_the_sweep_is_a_mistake(name):
    with pytest.raises(UserError, match=r"hydra\.sweep\.subdir=.*: leads out of the folder of the sweep"):
        subfolder(config(f"hydra.sweep.subdir={name}"), 0, set().__contains__)
