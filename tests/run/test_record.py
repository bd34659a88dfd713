"""What a run leaves behind: its record, its solutions, its log files."""

from __future__ import annotations

import csv
import json
from collections import Counter
from importlib.metadata import version
from pathlib import Path
from statistics import fmean

import pytest
import torch
from omegaconf import OmegaConf
from safetensors.torch import load_file

from deltalab.backbone.families.t5 import t5
from deltalab.backbone.load import pretrained
from deltalab.delta.lora import Lora
from deltalab.task.builtin import make

from .support import SMALL, Outcome, program

RANK_2 = "pack.delta=[frozen,{lora: {rank: 2}}]"


@pytest.fixture(scope="module")
def packed(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """A pack of a frozen and two LoRA jobs, all rows evaluated."""
    place = tmp_path_factory.mktemp("packed")
    whole = ("trainer.limit_val_batches=1.0", "trainer.limit_test_batches=1.0", "logger=csv")
    return program(RANK_2, "pack.seed=[0,1]", *SMALL, *whole, folder=place, model=model)


def test_the_run_succeeds_and_ends_with_the_place_of_its_record(packed):
    assert (packed.code, packed.err) == (0, "")
    assert packed.out.splitlines()[-1] == f"record: {packed.folder / 'record.json'}"
    assert "lora-seed1" in packed.out
    assert "majority" in packed.out


def test_the_score_is_the_mean_test_score_of_what_was_tuned(packed):
    frozen, first, second = packed.record["jobs"]
    assert (frozen["parameters"], frozen["best_step"], frozen["dev"]["rows"]) == (0, None, 12)
    assert packed.record["score"] == fmean([first["test"]["value"], second["test"]["value"]])
    assert {job["test"]["rows"] for job in packed.record["jobs"]} == {12}


def test_the_majority_is_that_of_the_training_rows(packed):
    task = make("movie_sentiment", {"train": 48, "dev": 12, "test": 12})
    ((label, _),) = Counter(row.outputs[0] for row in task.train).most_common(1)
    assert packed.record["majority"] == pytest.approx(sum(label in row.outputs for row in task.test) / 12)
    assert packed.record["metric"] == "ACC"
    assert packed.record["task"] == {
        "name": "movie_sentiment",
        "fingerprint": task.fingerprint,
        "evaluation": "rank",
        "rows": {"train": 48, "dev": 12, "test": 12},
    }


def test_parameters_are_counted_against_the_backbone(packed, model):
    backbone = pretrained(str(model), t5())
    parts = packed.record["backbone"]
    total = sum(tensor.numel() for tensor in load_file(model / "model.safetensors").values())
    assert (parts["parameters"], parts["weights"]) == (total, backbone.weight_hash)
    assert (parts["family"], parts["dtype"], parts["source"]) == ("t5", "float32", str(model))
    size = Lora(rank=2).bind(backbone, "lora").size
    for job in packed.record["jobs"][1:]:
        assert (job["parameters"], job["share_of_backbone"]) == (size, size / total)
        solved = load_file(packed.folder / "jobs" / job["name"] / "solution" / "theta.safetensors")
        assert sum(tensor.numel() for tensor in solved.values()) == size


def test_seeds_versions_and_settings_are_kept(packed):
    record = packed.record
    assert [(job["name"], job["seed"], job["lr"]) for job in record["jobs"]] == [
        ("frozen", 0, 0.0),
        ("lora-seed0", 0, 1e-3),
        ("lora-seed1", 1, 1e-3),
    ]
    for package in ("torch", "transformers", "lightning", "hydra-core"):
        assert record["versions"][package] == version(package)
    assert record["revision"] is None or len(record["revision"].split("+")[0]) == 40
    assert record["seconds"] > 0
    assert record["peak_memory_mb"] > 10
    assert "${" not in json.dumps(record["config"])
    assert record["config"]["pack"] == {"delta": ["frozen", {"lora": {"rank": 2}}], "seed": [0, 1], "lr": None}
    assert record["config"]["task"]["sizes"] == {"train": 48, "dev": 12, "test": 12}


def test_each_job_has_a_record_of_its_own(packed):
    for job in packed.record["jobs"]:
        own = json.loads((packed.folder / "jobs" / job["name"] / "record.json").read_text())
        assert own["jobs"] == [job]
        assert own["score"] == job["test"]["value"]


def test_the_table_of_numbers_holds_curves_counts_and_the_final_score(packed):
    with (packed.folder / "csv" / "metrics.csv").open() as file:
        rows = list(csv.DictReader(file))
    found = {name: value for row in rows for name, value in row.items() if value}
    record = packed.record
    assert float(found["score"]) == pytest.approx(record["score"])
    assert float(found["majority"]) == pytest.approx(record["majority"])
    assert float(found["parameters/lora-seed0"]) == record["jobs"][1]["parameters"]
    assert float(found["test/score/lora-seed1"]) == pytest.approx(record["jobs"][2]["test"]["value"])
    assert sum(bool(row["dev/score/lora-seed0"]) for row in rows) == 2
    settings = OmegaConf.to_container(OmegaConf.load(packed.folder / "csv" / "hparams.yaml"))
    assert settings["config"] == record["config"]


def test_the_checkpoint_holds_no_backbone(packed):
    content = torch.load(packed.folder / "checkpoints" / "last.ckpt", weights_only=True)
    assert {key.split(".")[0] for key in content["state_dict"]} == {"points", "best"}
