"""Every task of a folder of real ones through every stage, on a model of every kind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from transformers import PreTrainedTokenizerFast

from deltalab.task.folder import read
from deltalab.task.metric.crossfit import table
from deltalab.task.task import Task

from ..backbone.families.models import TOKENS, stock
from ..subwords import subwords
from .support import BARE, program

DATA = Path(__file__).parents[3] / "shared" / "data"
KINDS = {"encoder-decoder": "t5", "decoder": "gpt2", "encoder": "bert"}
TASKS = sorted(folder.name for folder in DATA.glob("*") if (folder / "train.tsv").exists())
ROWS = ("task.limit={train: 24, dev: 8, test: 8}", "data.batch_size=4", "data.max_input_length=40")
NEEDS = "needs.tune=['trainer.max_steps=2','trainer.val_check_interval=2']"

pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(not TASKS, reason=f"needs real tasks in {DATA.parent.name}/{DATA.name} beside the project"),
]


@pytest.fixture(params=KINDS)
def words(request, task, tmp_path, monkeypatch):
    """What a run on a model of this kind is given; its tokenizer knows the texts of the task."""
    kind, place = KINDS[request.param], tmp_path / "model"
    monkeypatch.setitem(TOKENS, "vocab_size", 500)
    stock(kind).save_pretrained(place)
    tokenizer(kind, read(DATA / task, limit={"train": 500}, **metric(task))).save_pretrained(place)
    return (*BARE, *ROWS, "backbone=pretrained", f"backbone.path={place}", *folder(task))


def tokenizer(kind: str, task: Task) -> PreTrainedTokenizerFast:
    """At most 500 pieces of words, those of answers above all."""
    texts = [text for row in task.train for text in (row.input, *row.outputs, *row.outputs)]
    made = subwords([*texts, *20 * (task.labels or ())], 500, ["<mask>"], closes=kind != "gpt2")
    own = {"sep_token": "</s>", "mask_token": "<mask>"} if kind == "bert" else {"eos_token": "</s>"}
    return PreTrainedTokenizerFast(tokenizer_object=made, pad_token="<pad>", unk_token="<unk>", **own)


def metric(task: str) -> dict[str, str]:
    """What CrossFit's table lacks."""
    return {} if task in table() else {"metric": "Classification-F1"}


def folder(task: str) -> tuple[str, ...]:
    """The overrides of the folder of this name, with a metric where CrossFit has none for it."""
    return ("task=tsv", f"task.path={DATA / task}", *(f"task.{key}={value}" for key, value in metric(task).items()))


def finished(outcome):
    assert outcome.code == 0, outcome.err
    assert outcome.record["score"] is not None
    return outcome.record


@pytest.mark.parametrize("task", TASKS)
def test_tuning(task, words, tmp_path):
    jobs = "pack.delta=[frozen,{lora: {rank: 2}},prefix]"
    record = finished(program(*words, jobs, folder=tmp_path / "run"))
    assert all(-100 <= job["test"]["value"] <= 100 for job in record["jobs"])


@pytest.mark.parametrize("task", TASKS)
def test_a_subspace(task, words, tmp_path):
    source = f"subspace.source_task={[*folder(task), ROWS[0]]}"
    given = ("stage=optimize", "subspace=d2", "subspace.methods=[{lora: {rank: 2}},bitfit]", NEEDS, source)
    finished(program(*words, *given, folder=tmp_path / "run"))


@pytest.mark.parametrize("task", TASKS)
def test_a_search(task, words, tmp_path):
    given = ("search_space=mix", "budget.parameters=200")
    finished(program(*words, *given, folder=tmp_path / "run", name="search"))
    assert json.loads((tmp_path / "run" / "trajectory.json").read_text())
