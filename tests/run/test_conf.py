"""Every yaml composes and describes what it builds; every experiment runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from omegaconf import OmegaConf

from deltalab.run.build import _check

from .support import CONF, SMALL, composed, program

MEMBERS = sorted(str(path.relative_to(CONF).with_suffix("")) for path in CONF.glob("**/*.yaml") if path.parent != CONF)
EXPERIMENTS = [member.split("/")[1] for member in MEMBERS if member.startswith("experiment/")]
BUILTIN = [name for name in EXPERIMENTS if not name.startswith("paper_")]  # test_paper.py writes folders for those
BUILT = ("backbone", "task", "delta", "stage", "optimizer", "trainer")
LATE = {
    "tune": ("stack", "jobs", "task", "answerer", "optimizer"),
    "approximate": ("stack", "subspace", "solved", "optimizer", "seed"),
    "optimize": ("stack", "subspace", "jobs", "task", "answerer", "optimizer"),
    "optimizer": ("params",),
}
MANDATORY = {
    "task/tsv": ["task.path=rows"],
    "backbone/t5": ["backbone.path=model"],
    "stage/approximate": ["subspace=d4"],
    "delta/structure": ["delta.path=structure.yaml"],
}
STRUCTURE = Path(__file__).with_name("structure.yaml")


@pytest.mark.parametrize("member", MEMBERS)
def test_a_yaml_composes_and_fits_what_it_builds(member):
    group, option = member.split("/", 1)
    with composed(f"{group}={option}", *MANDATORY.get(member, [])) as config:
        content = OmegaConf.to_container(config, resolve=True, throw_on_missing=True)
        del content["optimizer"]["lr"]  # every job brings its own
        stage = content["run"].rpartition(".")[2]
        for name in BUILT:
            _check(content[name], name, LATE.get(stage if name == "stage" else name, ()))
        for name in ("logger", "callbacks"):
            for key, node in content[name].items():
                _check(node, f"{name}.{key}", ())


def test_every_group_has_a_default():
    groups = {path.name for path in CONF.iterdir() if path.is_dir()}
    chosen = {next(iter(entry)) for entry in OmegaConf.load(CONF / "train.yaml").defaults if entry != "_self_"}
    assert groups == chosen


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_an_experiment_opens_with_its_command(experiment: str):
    package, command = (CONF / "experiment" / f"{experiment}.yaml").read_text().splitlines()[:2]
    assert package == "# @package _global_"
    assert command in (f"# {place}python train.py experiment={experiment}" for place in ("", "CROSSFIT=DIR "))


@pytest.mark.parametrize("experiment", BUILTIN)
def test_an_experiment_runs(experiment: str, model: Path, tmp_path: Path):
    done = program(f"experiment={experiment}", *SMALL, folder=tmp_path, model=model)
    assert (done.code, done.err) == (0, "")
    assert done.record["tasks" if done.record["stage"] == "approximate" else "jobs"]


def test_every_delta_runs_in_one_pack(model: Path, tmp_path: Path):
    deltas = [member.split("/")[1] for member in MEMBERS if member.startswith("delta/")]
    entries = [f"{{structure: {{path: '{STRUCTURE}'}}}}" if name == "structure" else name for name in deltas]
    done = program(f"pack.delta=[{','.join(entries)}]", *SMALL, folder=tmp_path, model=model)
    assert (done.code, done.err) == (0, "")
    assert {job["name"] for job in done.record["jobs"]} == set(deltas)
    assert all(job["test"]["rows"] for job in done.record["jobs"])
