"""Every task of a folder of real ones through every stage, on a model of every kind."""

from __future__ import annotations

import json
from pathlib import Path
from string import ascii_lowercase, digits

import pytest
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import PreTrainedTokenizerFast

from deltalab.task.metric.crossfit import table

from ..backbone.families.models import stock
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


@pytest.fixture(scope="module", params=KINDS)
def words(request, tmp_path_factory):
    """What a run on a model of this kind is given; its tokenizer spells, so that no two labels look the same."""
    kind, folder = KINDS[request.param], tmp_path_factory.mktemp(request.param) / "model"
    stock(kind).save_pretrained(folder)
    spelling(kind).save_pretrained(folder)
    return (*BARE, *ROWS, "backbone=pretrained", f"backbone.path={folder}", "task=tsv")


def spelling(kind: str) -> PreTrainedTokenizerFast:
    """A tokenizer of 40 tokens: four special ones, letters and digits."""
    tokens = ["<pad>", "</s>", "<mask>", "<unk>", *ascii_lowercase, *digits]
    made = Tokenizer(models.WordLevel({token: i for i, token in enumerate(tokens)}, unk_token="<unk>"))
    made.normalizer = normalizers.Lowercase()
    made.pre_tokenizer = pre_tokenizers.Split(Regex("."), "isolated")
    if kind != "gpt2":
        made.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    own = {"sep_token": "</s>", "mask_token": "<mask>"} if kind == "bert" else {"eos_token": "</s>"}
    return PreTrainedTokenizerFast(tokenizer_object=made, pad_token="<pad>", unk_token="<unk>", **own)


def folder(task: str) -> tuple[str, ...]:
    """The overrides of the folder of this name, with a metric where CrossFit has none for it."""
    own = () if task in table() else ("task.metric=Classification-F1",)
    return (f"task.path={DATA / task}", *own)


def finished(outcome):
    assert outcome.code == 0, outcome.err
    assert outcome.record["score"] is not None
    return outcome.record


@pytest.mark.parametrize("task", TASKS)
def test_tuning(task, words, tmp_path):
    jobs = "pack.delta=[frozen,{lora: {rank: 2}},prefix]"
    record = finished(program(*words, *folder(task), jobs, folder=tmp_path / "run"))
    assert all(-100 <= job["test"]["value"] <= 100 for job in record["jobs"])


@pytest.mark.parametrize("task", TASKS)
def test_a_subspace(task, words, tmp_path):
    source = f"subspace.source_task={['task=tsv', *folder(task), ROWS[0]]}"
    given = ("stage=optimize", "subspace=d2", "subspace.methods=[{lora: {rank: 2}},bitfit]", NEEDS, source)
    finished(program(*words, *given, *folder(task), folder=tmp_path / "run"))


@pytest.mark.parametrize("task", TASKS)
def test_a_search(task, words, tmp_path):
    given = ("search_space=mix", "budget.parameters=200")
    finished(program(*words, *given, *folder(task), folder=tmp_path / "run", name="search"))
    assert json.loads((tmp_path / "run" / "trajectory.json").read_text())
