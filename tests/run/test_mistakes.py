"""A mistake ends in one line that names the key, exit code 2, and nothing left behind."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from .support import SMALL, program, save_model

GOOD = "text\tyes\nother\tno\n"


@pytest.fixture(scope="module")
def places(model: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Folders with something wrong in them, by name."""
    root = tmp_path_factory.mktemp("places")
    files = {
        "empty": {},
        "notab": {"train.tsv": GOOD, "dev.tsv": "fine\tyes\nthis line has none\n", "test.tsv": GOOD},
        "norows": {"train.tsv": GOOD, "dev.tsv": "", "test.tsv": GOOD},
        "nodev": {"train.tsv": GOOD, "test.tsv": GOOD},
        "rows": {"train.tsv": GOOD, "dev.tsv": GOOD, "test.tsv": GOOD},
    }
    for name, held in files.items():
        (root / name).mkdir()
        for file, text in held.items():
            (root / name / file).write_text(text)
    shutil.copytree(model, root / "weightless", ignore=shutil.ignore_patterns("*.safetensors"))
    done = program(*SMALL, folder=root / "foreign", model=save_model(root / "other", seed=1))
    assert done.code == 0
    found = {path.name: path for path in root.iterdir()}
    return found | {"foreign": found["foreign"] / "solution"}


# Overrides, and what the line must hold.
MISTAKES = [
    ("delta=lorra", ["delta: unknown option 'lorra'", "did you mean lora", "allowed: adapter, "]),
    ("task=split/builtin_topics", ["task/split: unknown option 'builtin_topics'", "did you mean builtin_topic"]),
    ("experiment=demoo", ["experiment: unknown option 'demoo'", "did you mean demo or "]),
    ("sweep=lora", ["sweep: this option is a file for `wandb sweep`", "allowed here: default"]),
    ("delta=null", ["delta: unknown option 'null'"]),
    ("delta.rnak=3", ["delta: unknown key 'rnak'", "did you mean rank", "allowed: alpha, "]),
    ("nosuch=3", ["train: unknown key 'nosuch'", "allowed: allow, backbone, "]),
    ("nosuch.deep=3", ["train: unknown key 'nosuch'"]),
    ("delta.deep.deeper=3", ["delta: unknown key 'deep'"]),
    ("solution.deep=3", ["solution.deep: solution is a single value"]),
    ("trainer.max_step=3", ["trainer: unknown key 'max_step'", "did you mean max_steps"]),
    ("hydra.nosuch=3", ["hydra: unknown key 'nosuch'"]),
    ("+foo=1", ["train: unknown key 'foo'"]),
    ("+delta.foo=1", ["delta: unknown key 'foo'", "allowed: alpha"]),
    ("+logger.foo=1", ["logger.foo=1: describes nothing that could be built"]),
    ("~data.batch_size", ["data.batch_size: needs a value"]),
    ("foo", ["'foo' missing EQUAL"]),
    ("delta.rank=abc", ["delta.rank=abc: must be a whole number"]),
    ("delta.rank=", ["delta.rank=: must be a whole number"]),
    ("delta.rank=0", ["delta.rank=0: must be at least 1"]),
    ("delta.rank=???", ["delta.rank: needs a value; give delta.rank=..."]),
    ("delta.roles=[attn.x]", ["delta: ", "unknown role 'attn.x'", "did you mean attn.", "norm.final"]),
    ("delta._target_=deltalab.nosuch.X", ["delta._target_=deltalab.nosuch.X: "]),
    ("data.batch_size=0", ["data.batch_size: '0' is not allowed", "at least 1"]),
    ("data.max_input_length=1", ["data.max_input_length: '1'", "at least 2"]),
    ("data.template.input=text", ["data.template.input: 'text' must hold {input}"]),
    ("stage.schedule.shape=cosine", ["stage.schedule.shape: unknown shape 'cosine'", "constant, linear"]),
    ("stage.patience=0", ["stage.patience=0: at least 1"]),
    ("optimizer.lr=-1", ["optimizer.lr=-1: a learning rate is a number above 0"]),
    ("optimizer.betas=[2,3]", ["optimizer: ", "Invalid beta"]),
    ("optimizer.betas=[a,b]", ["optimizer.betas=['a', 'b']: must be a list, each a number"]),
    ("seed=99999999999", ["seed=99999999999: ", "at most 4294967295"]),
    ("name=../../elsewhere pack.seed=[1,2]", ["name=../../elsewhere: a folder goes by it", "a text without /"]),
    ("name=..", ["name=..: a folder goes by it"]),
    ("pack.nosuch=[1]", ["pack: unknown key 'nosuch'", "allowed: delta, lr, seed"]),
    ("pack.delta=[lora,lorra]", ["pack.delta.lorra: unknown option 'lorra'", "did you mean lora"]),
    ("trainer.precision=16-mixed", ["trainer.precision=16-mixed: t5 overflows", "bf16-mixed", "backbone.force_fp16"]),
    ("trainer.precision=half", ["trainer.precision=half: must be 64 or "]),
    (
        "trainer.precision=16-mixed backbone.force_fp16=true pack.seed=[1,2]",
        ["trainer.precision=16-mixed: ", "one of 2 jobs overflows", "bf16-mixed"],
    ),
    ("trainer.accelerator=foo", ["trainer: ", "'foo'", "cpu"]),
    ("trainer.accumulate_grad_batches=0", ["trainer.accumulate_grad_batches=0: must be above 0"]),
    ("trainer.limit_val_batches=0", ["trainer.limit_val_batches=0: must be above 0"]),
    ("+trainer.overfit_batches=1", ["trainer.overfit_batches=1: give trainer.limit_train_batches instead"]),
    ("trainer.max_steps=-1", ["trainer.max_steps=-1: needs an end"]),
    ("trainer.precision=bf16-true", ["trainer.precision=bf16-true: must be 32-true, bf16-mixed, 16-mixed; backbone"]),
    ("trainer.precision=64", ["trainer.precision=64: must be 32-true, bf16-mixed, 16-mixed; backbone"]),
    ("trainer.gradient_clip_val=-1", ["trainer.gradient_clip_val=-1: must be above 0"]),
    ("logger=wandb logger.wandb.mode=offlin", ["logger.wandb.mode: unknown mode 'offlin'", "offline"]),
    ("logger=csv stack.attention=flash", ["stack.attention: unknown attention 'flash'", "eager, sdpa"]),
    ("backbone.dtype=float16", ["backbone.dtype=float16: t5 overflows", "backbone.force_fp16"]),
    ("backbone.path=<weightless>", ["backbone.path=<weightless>: ", "model.safetensors"]),
    ("backbone.path=<empty>/nothing", ["backbone.path=<empty>/nothing: no such folder"]),
    ("solution=<empty>", ["solution <empty>: no solution.json there"]),
    ("solution=<foreign>", ["solution <foreign>: made for backbone", "with weights "]),
    ("delta.rank=2 solution=<foreign>", ["solution <foreign>: made for backbone"]),
    ("task=tsv", ["task.path: needs a value; give task.path=..."]),
    ("task=tsv task.path=<empty>/nothing", ["task.path: no folder '<empty>/nothing'"]),
    ("task=tsv task.path=<empty>", ["task.path=<empty>: no split files; expected train.tsv, "]),
    ("task=tsv task.path=<notab> task.metric=ACC", ["<notab>/dev.tsv:2: no tab in 'this line has none'"]),
    ("task=tsv task.path=<norows> task.metric=ACC", ["task.path=<norows>: the dev split is empty"]),
    ("task=tsv task.path=<nodev> task.metric=ACC", ["task.path=<nodev>: no dev split; expected a file dev.tsv"]),
    ("task=tsv task.path=<rows>", ["task 'rows' is not in the CrossFit table", "task.metric=..."]),
    ("task=tsv task.path=<rows> task.metric=ACCC", ["task.metric: unknown metric 'ACCC'", "ACC"]),
]


def small(overrides: str) -> tuple[str, ...]:
    """The sizes that built-in tasks take."""
    return SMALL[1:] if "task=tsv" in overrides else SMALL


def filled(text: str, places: dict[str, Path]) -> str:
    """The text with each <name> as the folder of that name."""
    for name, path in places.items():
        text = text.replace(f"<{name}>", str(path))
    return text


@pytest.mark.parametrize(("overrides", "pieces"), MISTAKES, ids=[overrides for overrides, _ in MISTAKES])
def test_one_line_and_nothing_else(overrides, pieces, places, model, tmp_path):
    run = tmp_path / "run"
    done = program(*small(overrides), *filled(overrides, places).split(), folder=run, model=model)
    assert (done.code, len(done.err.splitlines())) == (2, 1), done.err
    assert done.err.startswith("error: ")
    for piece in pieces:
        assert filled(piece, places) in done.err
    assert "Traceback" not in done.out + done.err
    assert not run.exists()


def test_a_refused_run_leaves_no_empty_folders_above_it(model, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "kept").mkdir()
    nested = tmp_path / "runs" / "task" / "lora" / "now"
    done = program("delta.rank=0", *SMALL, f"output_dir={tmp_path / 'elsewhere'}", folder=nested, model=model)
    assert done.code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_a_folder_that_holds_results_is_kept(model, tmp_path):
    (tmp_path / "record.json").write_text("{}")
    done = program("delta.rank=0", *SMALL, folder=tmp_path, model=model)
    assert done.code == 2
    assert (tmp_path / "record.json").read_text() == "{}"
