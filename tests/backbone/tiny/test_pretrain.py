"""A run that was interrupted ends like one that was not, and mistakes cost one line."""

from __future__ import annotations

import json

import pytest
import torch
from safetensors.torch import load_file
from transformers import AutoTokenizer, T5ForConditionalGeneration

from deltalab.atomic import atomic
from deltalab.backbone.tiny.export import sha256
from deltalab.backbone.tiny.pretrain import Run, main, pretrain
from deltalab.backbone.tiny.settings import Settings, parse

COMMON = {
    "vocabulary": 480,
    "steps": 6,
    "rows": 2,
    "length": 32,
    "warmup": 2,
    "threads": 1,
    "log_every": 3,
    "save_every": 2,
}


@pytest.fixture(scope="module")
def whole(text_file, tmp_path_factory):
    return pretrain(Settings((text_file,), tmp_path_factory.mktemp("whole"), **COMMON, prefix_share=0.5))


def test_resumed_weights_are_equal_bit_for_bit(whole, text_file, tmp_path):
    settings = Settings((text_file,), tmp_path, **COMMON, prefix_share=0.5)
    killed = Run(settings)
    for _ in range(3):  # one step past the last checkpoint, lost when the run is killed
        killed.step()
        if killed.progress.step == 2:
            killed.save()
    resumed = pretrain(settings)
    for name, tensor in whole.model.state_dict().items():
        assert torch.equal(tensor, resumed.model.state_dict()[name]), name
    assert sha256(tmp_path / "model.safetensors") == sha256(whole.settings.out / "model.safetensors")
    assert (tmp_path / "losses.jsonl").read_text() == (whole.settings.out / "losses.jsonl").read_text()


def test_another_seed_gives_other_weights(whole, text_file, tmp_path):
    other = pretrain(Settings((text_file,), tmp_path, **COMMON, prefix_share=0.5, seed=1))
    assert not torch.equal(other.model.shared.weight, whole.model.shared.weight)


def test_the_export_is_the_model_in_half_precision(whole):
    out = whole.settings.out
    loaded = T5ForConditionalGeneration.from_pretrained(out)
    for name, tensor in whole.model.state_dict().items():
        assert torch.equal(loaded.state_dict()[name], tensor.half().float()), name
    assert all(tensor.dtype == torch.float16 for tensor in load_file(out / "model.safetensors").values())
    assert loaded.dtype == torch.float32
    assert len(AutoTokenizer.from_pretrained(out)) == loaded.config.vocab_size
    facts = json.loads((out / "facts.json").read_text())
    assert facts["sha256"] == sha256(out / "model.safetensors")
    assert (facts["steps"], facts["tokens"]) == (6, whole.progress.tokens)
    assert whole.progress.tokens == sum(int((whole.objective.pair(step).inputs != 0).sum()) for step in range(6))
    assert not [path.name for path in out.iterdir() if path.name.startswith((".", "tmp"))]


def test_a_failed_write_leaves_the_old_file(tmp_path):
    path = tmp_path / "a"
    path.write_text("old")
    with pytest.raises(RuntimeError), atomic(path) as temporary:  # noqa: PT012
        temporary.write_text("ne")
        raise RuntimeError
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("flags", "word"),
    [
        (["--steps", "0"], "--steps"),
        (["--length", "3"], "--length"),
        (["--prefix-share", "2"], "--prefix-share"),
        (["--lr", "-1"], "--lr"),
        (["--task-share", "-0.1"], "--task-share"),
        (["--embedding-lr", "7"], "--embedding-lr"),
        (["--vocabulary", "400"], "--vocabulary"),
        (["--tokenizer", "nowhere"], "--tokenizer"),
        (["--embeddings", "nowhere"], "--embeddings"),
        (["--start", "nowhere"], "--start"),
        (["--start", "nowhere", "--tokenizer", "nowhere"], "--start: brings"),
        (["--books", "reading", "poems"], "--books: unknown book 'poems'"),
        (["--longest", "5"], "--longest"),
        (["--books", "meaning"], "--books: meaning wants"),
    ],
)
def test_mistakes_cost_one_line_and_code_2(text_file, tmp_path, capsys, flags, word):
    assert main(["--text", str(text_file), "--out", str(tmp_path), *flags]) == 2
    assert capsys.readouterr().err.startswith(word)


def test_another_recipe_does_not_resume(whole, text_file, capsys):
    flags = [f"--{name.replace('_', '-')}={value}" for name, value in {**COMMON, "rows": 4}.items()]
    assert main(["--text", str(text_file), "--out", str(whole.settings.out), "--prefix-share=0.5", *flags]) == 2
    assert "--rows: 4 differs from 2" in capsys.readouterr().err


def test_a_run_starts_from_the_weights_of_another(whole, text_file, tmp_path):
    books = ("reading", "copying", "grammar")
    run = Run(Settings((text_file,), tmp_path, **COMMON, start=whole.settings.out, books=books))
    given = load_file(whole.settings.out / "model.safetensors")
    assert all(torch.equal(tensor.float(), run.model.state_dict()[name]) for name, tensor in given.items())
    assert (tmp_path / "tokenizer.json").read_text() == (whole.settings.out / "tokenizer.json").read_text()
    run.step()
    assert not torch.equal(run.model.shared.weight, whole.model.shared.weight)
    assert set(run.measure()) == {"spans", "prefix", *books}


def test_another_learning_rate_for_the_embeddings(text_file, tmp_path):
    runs = {share: Run(Settings((text_file,), tmp_path, **COMMON, embedding_lr=share)) for share in (0.0, 1.0)}
    start = runs[0.0].model.shared.weight.clone()
    for run in runs.values():
        run.step()
    assert torch.equal(runs[0.0].model.shared.weight, start)
    assert not torch.equal(runs[1.0].model.shared.weight, start)
    assert torch.equal(runs[0.0].model.lm_head.weight, start)  # one tensor in three places


def test_the_command_line_reaches_the_settings(tmp_path):
    settings = parse(["--text", "a.txt", "b.txt.gz", "--out", str(tmp_path), "--steps", "9", "--lr", "0.5"])
    assert (settings.steps, settings.lr, len(settings.text)) == (9, 0.5, 2)
    assert settings.first_prefix_step() == 8
