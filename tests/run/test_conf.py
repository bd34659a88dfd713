"""Every yaml composes and describes what it builds; every experiment runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from omegaconf import OmegaConf

from deltalab.run.build import _check
from deltalab.run.searched import _KEYS as SEARCHED

from .support import CONF, SMALL, composed, program

THEIRS = [
    path for path in CONF.glob("sweep/*.yaml") if path.read_text().startswith("# wandb sweep ")
]  # test_loggers.py
FILES = [path for path in CONF.glob("**/*.yaml") if path.parent != CONF and path not in THEIRS]
MEMBERS = sorted(str(path.relative_to(CONF).with_suffix("")) for path in FILES)
EXPERIMENTS = [member.split("/")[1] for member in MEMBERS if member.startswith("experiment/")]
BUILTIN = [name for name in EXPERIMENTS if not name.startswith("paper_")]  # test_paper.py writes folders for those
BUILT = ("backbone", "task", "delta", "stage", "optimizer", "trainer")
GROUPS = {
    name: {next(iter(entry)) for entry in OmegaConf.load(CONF / f"{name}.yaml").defaults if entry != "_self_"}
    for name in ("train", "search")
}
LATE = {
    "tune": ("stack", "jobs", "task", "answerer", "optimizer"),
    "approximate": ("stack", "subspace", "solved", "optimizer", "seed"),
    "optimize": ("stack", "subspace", "jobs", "task", "answerer", "optimizer"),
    "encode": ("stack", "subspace", "jobs", "task", "answerer", "optimizer"),
    "optimizer": ("params",),
    "search": (
        "stack",
        "candidates",
        "task",
        "answerer",
        "optimizer",
        "alpha_optimizer",
        "strategy",
        "hypergradient",
        "budget",
        "gate",
        "seed",
        "theta0_seed",
        "costs",
    ),
}
MANDATORY = {
    "task/tsv": ["task.path=rows"],
    "backbone/pretrained": ["backbone.path=model"],
    "task/published": ["task.name=glue-sst2"],
    "task/crossfit": ["task.name=boolq"],
    "task/hub": ["task.dataset=rows", "task.input='{text}'"],
    "backbone/t5": ["backbone.path=model"],
    "stage/approximate": ["subspace=d4"],
    "delta/structure": ["delta.path=structure.yaml"],
}
STRUCTURE = Path(__file__).with_name("structure.yaml")


def command(experiment: str) -> str:
    """The second line of an experiment."""
    return (CONF / "experiment" / f"{experiment}.yaml").read_text().splitlines()[1]


def program_of(experiment: str) -> str:
    """The program that an experiment is for."""
    return "search" if "search.py" in command(experiment) else "train"


def serves(name: str, member: str) -> bool:
    """Whether a program takes this option; the retraining of search.py is stage=tune with delta=structure."""
    group, option = member.split("/", 1)
    if group == "experiment":
        return program_of(option) == name
    if name == "search" and group in ("stage", "delta"):
        return option in ("tune", "structure")
    return group in GROUPS[name]


@pytest.mark.parametrize(
    ("name", "member"), [(name, member) for member in MEMBERS for name in GROUPS if serves(name, member)]
)
def test_a_yaml_composes_and_fits_what_it_builds(name, member):
    group, option = member.split("/", 1)
    needed = MANDATORY.get(member, []) if name == "train" or group != "delta" else []
    with composed(f"{group}={option}", *needed, name=name) as config:
        content = OmegaConf.to_container(config, resolve=True, throw_on_missing=True)
        del content["optimizer"]["lr"]  # every job brings its own
        stage = "tune" if name == "search" else content["run"].rpartition(".")[2]
        for part in BUILT:
            _check(content[part], part, LATE.get(stage if part == "stage" else part, ()))
        for part in ("logger", "callbacks"):
            for key, node in content[part].items():
                _check(node, f"{part}.{key}", ())
        if name == "search":
            check_search(content)


def check_search(content: dict[str, Any]) -> None:
    """What search.py builds beside."""
    for part in ("search_space", "cost", "strategy", "gate", "hypergradient"):
        _check(content[part], part, ())
    _check(content["choice"], "choice", ("asked",))
    for part in ("optimizer", "alpha_optimizer"):
        _check(content["search"][part], f"search.{part}", ("params",))
    _check({key: node for key, node in content["search"].items() if key not in SEARCHED}, "search", LATE["search"])
    like = content["budget"].pop("like")
    _check(content["budget"] if like is None else like, "budget", ())


def test_every_group_has_a_default():
    groups = {path.name for path in CONF.iterdir() if path.is_dir()}
    named = {group for chosen in GROUPS.values() for group in chosen if "@" not in group}
    assert groups == named


def test_both_programs_share_their_defaults():
    """search.yaml cannot inherit train.yaml: Hydra takes no entry after those of its groups."""
    one, other = (OmegaConf.to_container(OmegaConf.load(CONF / f"{name}.yaml")) for name in GROUPS)
    for key in ("stack", "data", "seed", "pack", "output_dir", "theta0_seed"):
        assert one[key] == other[key]
    options = [
        {k: v for entry in each["defaults"] if entry != "_self_" for k, v in entry.items()} for each in (one, other)
    ]
    shared = (GROUPS["train"] & GROUPS["search"]) - {"delta"}
    assert {key: options[0][key] for key in shared} == {key: options[1][key] for key in shared}


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_an_experiment_opens_with_its_command(experiment: str):
    assert (CONF / "experiment" / f"{experiment}.yaml").read_text().startswith("# @package _global_\n")
    program = program_of(experiment)
    assert command(experiment) in (
        f"# {place}python {program}.py experiment={experiment}" for place in ("", "CROSSFIT=DIR ")
    )


@pytest.mark.parametrize("experiment", BUILTIN)
def test_an_experiment_runs(experiment: str, model: Path, tmp_path: Path):
    done = program(f"experiment={experiment}", *SMALL, folder=tmp_path, model=model, name=program_of(experiment))
    assert (done.code, done.err) == (0, "")
    assert done.record["tasks" if done.record["stage"] == "approximate" else "jobs"]


def test_every_delta_runs_in_one_pack(model: Path, tmp_path: Path):
    deltas = [member.split("/")[1] for member in MEMBERS if member.startswith("delta/")]
    entries = [f"{{structure: {{path: '{STRUCTURE}'}}}}" if name == "structure" else name for name in deltas]
    done = program(f"pack.delta=[{','.join(entries)}]", *SMALL, folder=tmp_path, model=model)
    assert (done.code, done.err) == (0, "")
    assert {job["name"] for job in done.record["jobs"]} == set(deltas)
    assert all(job["test"]["rows"] for job in done.record["jobs"])
