"""Every stage on a model of every family, from a local folder whose family is read from its config."""

from __future__ import annotations

import json

import pytest

from ..backbone.families.folders import save
from .support import BARE, SMALL, program

FAMILIES = ("bart", "bert", "gpt2", "llama", "roberta")
LONGER = "data.max_input_length=24"


@pytest.fixture(scope="module", params=FAMILIES)
def words(request, tmp_path_factory):
    folder = save(request.param, tmp_path_factory.mktemp(request.param) / "model")
    return ("backbone=pretrained", f"backbone.path={folder}", *BARE, *SMALL, LONGER, "task=movie_sentiment")


def finished(outcome):
    assert outcome.code == 0, outcome.err
    return outcome.record


def test_tuning(words, tmp_path):
    packed = "pack.delta=[lora,prefix,{prompt: {length: 3}},bitfit,adapter,ia3,full]"
    record = finished(program(*words, packed, folder=tmp_path / "run"))
    assert [job["name"] for job in record["jobs"]] == ["lora", "prefix", "prompt", "bitfit", "adapter", "ia3", "full"]
    assert all(0 <= job["test"]["value"] <= 100 for job in record["jobs"])


def test_tuning_by_generated_answers(words, tmp_path):
    finished(program(*words, "task.evaluation=generate", "data.max_output_length=4", folder=tmp_path / "run"))


def test_a_subspace(words, tmp_path):
    folder = tmp_path / "run"
    given = ("stage=optimize", "subspace=d2", "task=hotel_sentiment", _SOURCE, "data.loss=labels")
    record = finished(program(*words, *given, folder=folder))
    assert record["jobs"]


def test_a_search(words, tmp_path):
    folder = tmp_path / "run"
    given = ("search_space=mix", "budget.parameters=200", "data.loss=labels")
    finished(program(*words, *given, folder=folder, name="search"))
    assert json.loads((folder / "trajectory.json").read_text())
    assert (folder / "structure.yaml").exists()


@pytest.mark.parametrize("cost", ["flops", "latency"])
def test_a_budget_of_time(words, tmp_path, cost):
    given = ("search_space=bitfit", f"cost={cost}", "cost.forward.source_length=24", "choice=uniform")
    record = finished(program(*words, *given, "budget.ppm=20000", folder=tmp_path / "run", name="search"))
    assert record["score"] is not None


def test_layers_that_are_computed_twice(words, tmp_path):
    given = ("stack.gradient_checkpointing=true", "pack.delta=[lora,prefix]")
    finished(program(*words, *given, folder=tmp_path / "tokens"))
    finished(program(*words, *given, "data.loss=labels", folder=tmp_path / "labels"))


_SOURCE = "subspace.source_task=movie_sentiment"
