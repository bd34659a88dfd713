"""The how-to pages: their files in an empty folder, their commands as processes of their own."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import OPTConfig, OPTForCausalLM, PreTrainedTokenizerFast

from ..pages import ROOT, blocks, commands, execute
from ..run.support import Outcome, program

HOWTO = ROOT / "docs" / "howto"
FEW = "task.sizes={train: 40, dev: 8, test: 8}"
SMOKE = ["trainer=smoke", "trainer.accelerator=cpu", "callbacks=quiet", "logger=none", "data.max_input_length=24", FEW]


def laid_out(name: str, place: Path) -> Path:
    """The page, with its files written below a folder."""
    page = HOWTO / f"{name}.md"
    for block in blocks(page, "python", "yaml"):
        if block.title is not None:
            (place / block.title).parent.mkdir(parents=True, exist_ok=True)
            (place / block.title).write_text(block.text)
    return page


def process(words: list[str], place: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words],
        cwd=place,
        env=os.environ | {"PYTHONPATH": str(place), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=300,
    )


def record_of(line: str, place: Path) -> dict:
    """What a command of a page leaves behind."""
    _, named, *words = shlex.split(line)
    done = process([str(ROOT / named), *words, *SMOKE], place)
    assert done.returncode == 0, done.stderr
    return json.loads(Path(done.stdout.strip().splitlines()[-1].removeprefix("record: ")).read_text())


@pytest.fixture
def importable(tmp_path, monkeypatch):
    """What a page writes can be imported here, and is forgotten afterwards."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    yield
    for name in [name for name in sys.modules if name.partition(".")[0] == "mine"]:
        del sys.modules[name]


def here(line: str, place: Path) -> Outcome:
    """A command of a page in this process."""
    words = shlex.split(line.replace("--config-dir ", "--config-dir="))[2:]
    return program(*words, *SMOKE, folder=place / "run")


@pytest.mark.usefixtures("importable")
def test_a_delta(tmp_path):
    done = here(commands(laid_out("delta", tmp_path))[0], tmp_path)
    assert done.code == 0, done.err
    (job,) = done.record["jobs"]
    # one number for each of the four layers of the encoder and of the decoder
    assert (job["delta"], job["parameters"]) == ("scale", 8)


def test_a_delta_beside_others(tmp_path):
    jobs = record_of(commands(laid_out("delta", tmp_path))[1], tmp_path)["jobs"]
    assert {one["name"]: one["parameters"] for one in jobs} == {"scale": 8, "scale-2": 16, "lora": 73_728}


@pytest.mark.usefixtures("importable")
def test_a_delta_of_a_package_that_is_not_allowed_is_told_as_the_page_says(tmp_path):
    page = laid_out("delta", tmp_path)
    done = here(commands(page)[0].replace("'allow=[mine]'", ""), tmp_path)
    assert done.code == 2
    assert done.err.startswith(blocks(page, "text")[0].text.strip().removesuffix("..."))
    assert "mine" not in sys.modules


@pytest.mark.usefixtures("importable")
def test_the_check_of_a_delta(tmp_path, monkeypatch):
    (check,) = [block for block in blocks(laid_out("delta", tmp_path), "python") if block.title is None]
    execute(check.text, {}, monkeypatch)
    with pytest.raises(AssertionError):
        execute(check.text.replace("initial(0)", "initial(0) + 0.1"), {}, monkeypatch)


def test_a_task(tmp_path):
    (line,) = commands(laid_out("task", tmp_path))
    record = record_of(line, tmp_path)
    assert record["task"]["name"] == "parity"
    assert record["task"]["evaluation"] == "rank"
    assert record["task"]["rows"] == {"train": 40, "dev": 8, "test": 8}


@pytest.fixture
def opt_model(tmp_path):
    """A small random OPT, with a tokenizer of single letters."""
    torch.manual_seed(0)
    letters = ["<pad>", "</s>", "<unk>", *map(chr, range(32, 127))]
    made = Tokenizer(models.WordLevel({letter: i for i, letter in enumerate(letters)}, unk_token="<unk>"))
    made.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    special = {"pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}
    PreTrainedTokenizerFast(tokenizer_object=made, **special).save_pretrained(tmp_path / "opt-model")
    shape = {"hidden_size": 24, "word_embed_proj_dim": 24, "num_hidden_layers": 3, "num_attention_heads": 4}
    tokens = {"vocab_size": len(letters), "pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 1}
    config = OPTConfig(**shape, **tokens, ffn_dim=40, max_position_embeddings=64)
    OPTForCausalLM(config).save_pretrained(tmp_path / "opt-model")


@pytest.mark.usefixtures("opt_model")
def test_a_backbone_family(tmp_path):
    (line,) = commands(laid_out("backbone", tmp_path))
    record = record_of(line, tmp_path)
    assert record["backbone"]["family"] == "opt"
    parameters = {job["delta"]: job["parameters"] for job in record["jobs"]}
    # LoRA of rank 8 at q and v of three layers, each map 24 to 24
    assert parameters["lora"] == 3 * 2 * 8 * (24 + 24)
    # four attention maps and fc2 of width 24, fc1 of width 40, two norms a layer
    assert parameters["bitfit"] == 3 * (7 * 24 + 40) + 24
    assert parameters["prefix"] > 0
