"""python search.py: what it chooses, what it leaves, how it goes on."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import torch
import yaml
from safetensors.torch import load_file

from deltalab.search.bilevel import StructureSearch

from .searching import SEARCH, SHORT
from .stages import PowerCutError, findings
from .support import Outcome, program

LAYERS = 4


def run(*overrides: str, folder: Path, model: Path) -> Outcome:
    """A run of search.py to a good end."""
    done = program(*overrides, folder=folder, model=model, name="search")
    assert (done.code, done.err) == (0, "")
    return done


def structure(folder: Path) -> dict[str, Any]:
    return yaml.safe_load((folder / "structure.yaml").read_text())


def units(folder: Path) -> list[tuple[Any, ...]]:
    """The units of a structure: method, role, side, layer, part, p, cost."""
    return [
        (method, unit["role"], unit["side"], unit.get("layer"), unit.get("part", 0), unit["p"], unit["cost"])
        for method, several in structure(folder)["units"].items()
        for unit in several
    ]


@pytest.fixture(scope="module")
def searched(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return run(*SEARCH, "logger=csv", folder=tmp_path_factory.mktemp("searched"), model=model)


def test_a_run_ends_with_the_place_of_its_record(searched):
    assert searched.out.splitlines()[-1] == f"record: {searched.folder / 'record.json'}"
    for shown in ("choice=search", "low_rank_adapter", "together", "majority", "mix-search"):
        assert shown in searched.out
    names = {path.name for path in searched.folder.iterdir()}
    assert {"structure.yaml", "trajectory.json", "record.json", "solution", "search", "checkpoints"} <= names
    assert {path.name for path in (searched.folder / "pictures").iterdir()} == {"p_heatmap.png", "p_trajectories.png"}
    assert (searched.folder / "search" / "checkpoints" / "last.ckpt").is_file()


def test_the_curves_of_both_fits_stand_apart_in_one_table(searched):
    with (searched.folder / "csv" / "metrics.csv").open() as file:
        rows = list(csv.DictReader(file))
    told = json.loads((searched.folder / "trajectory.json").read_text())
    assert [float(row["search/score"]) for row in rows if row["search/score"]] == told["scores"]["discrete"]
    assert len([row for row in rows if row["dev/score"]]) == 3  # every two of six steps of retraining
    (size,) = [row["parameters/search_space"] for row in rows if row["parameters/search_space"]]
    assert float(size) == sum(unit["cost"] for unit in told["units"])


def test_the_structure_is_the_fill_by_p_of_the_best_evaluation_on_dev(searched):
    """Of equal scores the later evaluation; the fill by a loop."""
    told = json.loads((searched.folder / "trajectory.json").read_text())
    assert told["steps"] == [2, 4, 6]
    scores = told["scores"]["discrete"]
    best = max(i for i in range(3) if scores[i] == max(scores))
    p, costs = told["p"][best], [unit["cost"] for unit in told["units"]]
    left, chosen = 300, []
    for i in sorted(range(len(p)), key=lambda i: (-p[i], i)):
        if costs[i] <= left:
            chosen.append(i)
            left -= costs[i]
    names = [tuple(told["units"][i][key] for key in ("method", "role", "side", "layer", "part")) for i in chosen]
    assert {unit[:5] for unit in units(searched.folder)} == set(names)
    assert {unit[:5]: unit[5] for unit in units(searched.folder)} == pytest.approx(
        {name: p[i] for name, i in zip(names, chosen, strict=True)}
    )
    found = searched.record["search"]
    assert (found["best_step"], found["dev"]["discrete"]) == (told["steps"][best], scores[best])
    assert found["dev"]["soft"] == told["scores"]["soft"][best]


def test_the_record_counts_against_the_backbone(searched, model):
    record = searched.record
    total = sum(tensor.numel() for tensor in load_file(model / "model.safetensors").values())
    assert record["budget"] == {
        "amount": 300,
        "unit": "parameters",
        "denominator": total,
        "given": "300 parameters",
        "ppm": pytest.approx(3e8 / total),
    }
    chosen = units(searched.folder)
    cost = sum(unit[6] for unit in chosen)
    found = record["structure"]
    assert (found["units"], found["parameters"], found["denominator"]) == (len(chosen), cost, total)
    assert found["ppm"] == pytest.approx(1e6 * cost / total)
    for name, row in found["methods"].items():
        mine = [unit for unit in chosen if unit[0] == name]
        assert (row["units"], row["parameters"]) == (len(mine), sum(unit[6] for unit in mine))
    # 6 linear roles with a gated inner map in 4 layers; 2 or 3 norms a layer and 2 final ones; 2 blocks a layer.
    assert {name: row["of_units"] for name, row in found["methods"].items()} == {
        "lora": LAYERS * 7,
        "bitfit": LAYERS * 7 + 2 * 2 + 2 * 3 + 2,
        "lnfit": 2 * 2 + 2 * 3 + 2,
        "low_rank_adapter": LAYERS * 2,
    }
    assert 0 < record["seconds_search"] < record["seconds"]
    assert 0 < record["seconds_retrain"] < record["seconds"]
    assert [job["parameters"] for job in record["jobs"]] == [cost]
    assert record["score"] == record["jobs"][0]["test"]["value"]


def test_a_structure_tells_where_it_comes_from(searched):
    told = structure(searched.folder)["provenance"]
    assert {key: told[key] for key in ("task", "seed", "choice", "search_space", "strategy")} == {
        "task": "movie_sentiment",
        "seed": 42,
        "choice": "search",
        "search_space": "mix",
        "strategy": "shift",
    }
    assert (told["budget"]["amount"], told["record"]) == (300, str(searched.folder / "record.json"))


def test_retraining_is_tuning_the_structure(searched, model, tmp_path):
    given = [word for word in SHORT if not word.startswith("search.")]
    words = ("delta=structure", f"delta.path={searched.folder / 'structure.yaml'}")
    alone = program(*given, *words, folder=tmp_path, model=model)
    assert (alone.code, alone.err) == (0, "")
    for name in ("theta", "theta0"):
        mine, theirs = (load_file(one.folder / "solution" / f"{name}.safetensors") for one in (searched, alone))
        assert all(torch.equal(mine[key], theirs[key]) for key in mine.keys() | theirs.keys())
    assert [job["test"] for job in searched.record["jobs"]] == [job["test"] for job in alone.record["jobs"]]


def test_the_same_seed_gives_the_same_structure_also_when_interrupted(searched, model, tmp_path):
    def beginning(module: StructureSearch, batch: Any, index: int) -> None:
        if module.trainer.global_step == 5:
            raise PowerCutError

    with patch.object(StructureSearch, "on_train_batch_start", beginning), pytest.raises(PowerCutError):
        program(*SEARCH, "logger=csv", folder=tmp_path / "cut", model=model, name="search")
    left = tmp_path / "cut" / "search" / "checkpoints" / "last.ckpt"
    assert torch.load(left, weights_only=True)["global_step"] == 4
    resumed = run(*SEARCH, "logger=csv", f"resume={left}", folder=tmp_path / "resumed", model=model)
    assert units(resumed.folder) == units(searched.folder)
    both = [findings(_Plain(one)) for one in (resumed, searched)]
    for record in both:
        del record["seconds_search"], record["seconds_retrain"]
    assert both[0] == both[1]


class _Plain:
    """An outcome as `findings` reads it."""

    def __init__(self, outcome: Outcome) -> None:
        self.record, self.folder = outcome.record, outcome.folder


@pytest.mark.parametrize(
    ("place", "words", "told"),
    [
        ("checkpoints", (), "a checkpoint of another run: jobs.what was structure on "),
        ("search/checkpoints", ("gate=soft",), "a checkpoint of another run: jobs.gate.kind was concrete, here soft"),
    ],
)
def test_another_checkpoint_is_refused(place, words, told, searched, model, tmp_path):
    left = searched.folder / place / "last.ckpt"
    done = program(*SEARCH, *words, f"resume={left}", folder=tmp_path, model=model, name="search")
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert done.err.startswith(f"error: resume={left}: {told}")


def test_it_can_stop_after_the_structure_and_count_flops(model, tmp_path):
    words = ("retrain=false", "cost=flops", "search_space=lnfit", "budget=556ppm", "hypergradient=one_level")
    done = run(*SHORT, *words, folder=tmp_path, model=model)
    assert done.record["score"] is None
    assert done.record["jobs"] == []
    assert done.record["budget"]["unit"] == "FLOPs"
    assert done.record["budget"]["amount"] == pytest.approx(555.6e-6 * done.record["budget"]["denominator"])
    assert not (tmp_path / "solution").exists()
    assert (tmp_path / "structure.yaml").is_file()


def test_seeds_are_retrained_side_by_side(model, tmp_path):
    done = run(*SHORT, "budget.parameters=300", "choice=uniform", "pack.seed=[0,1]", folder=tmp_path, model=model)
    assert [(job["name"], job["seed"]) for job in done.record["jobs"]] == [
        ("mix-uniform-seed0", 0),
        ("mix-uniform-seed1", 1),
    ]
    values = [job["test"]["value"] for job in done.record["jobs"]]
    assert done.record["score"] == pytest.approx(sum(values) / 2)
    assert (done.record["search"], (tmp_path / "trajectory.json").exists()) == ({}, False)


def test_several_budgets_in_one_command(model, tmp_path):
    words = ("-m", *SHORT, "retrain=false", "choice=random", "budget.parameters=100,500")
    assert program(*words, folder=tmp_path, model=model, name="search").code == 0
    costs = [json.loads((tmp_path / str(i) / "record.json").read_text())["structure"]["parameters"] for i in (0, 1)]
    assert costs[0] <= 100 < costs[1] <= 500
