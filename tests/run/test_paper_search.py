"""The published recipe of structure search: its numbers, and a whole run as small as can be."""

from __future__ import annotations

import json
from math import ceil
from pathlib import Path

import pytest
from omegaconf import OmegaConf

from deltalab.delta.chosen import Structure

from .support import composed, program
from .test_paper import differing

# Public numbers of train rows, and the steps of search and retraining that the published batches and epochs come to.
# A search visits half the rows an epoch, and validation rows are taken from train where there are many.
STEPS = {
    "glue-cola": (8551, 2010, 4020),
    "glue-mnli": (390_702, 6105, 36_630),
    "glue-mrpc": (3668, 1160, 2300),
    "glue-qnli": (102_743, 6424, 12_844),
    "glue-qqp": (361_846, 5654, 33_924),
    "glue-sst2": (65_349, 5110, 10_215),
    "glue-stsb": (5749, 1350, 2700),
    "superglue-boolq": (9427, 4425, 8850),
    "superglue-cb": (250, 360, 640),
    "superglue-copa": (400, 520, 1000),
    "superglue-multirc": (27_243, 34_080, 68_120),
    "superglue-rte": (2490, 1560, 3120),
    "superglue-wic": (5428, 2550, 5100),
}
EVERYWHERE = {
    "backbone.path": "google-t5/t5-large",
    "budget.ppm": 138.9,
    "strategy._target_": "deltalab.search.strategy.Shift",
    "strategy.beta": 1.0,
    "strategy.gradient": "published",
    "gate.kind": "concrete",
    "gate.low": 0.0,
    "gate.high": 1.0,
    "gate.rescue": True,
    "hypergradient.published": True,
    "search.lr": 3e-4,
    "search.alpha_lr": 0.1,
    "search.clip": 2.0,
    "search.alpha_clip": 2.0,
    "search.budget_schedule.decay.shape": "constant",
    "search.schedule.shape": "linear",
    "search.schedule.warmup": 0.0,
    "search.alpha_schedule.shape": "linear",
    "search.optimizer._target_": "torch.optim.AdamW",
    "search.optimizer.betas": [0.9, 0.999],
    "search.optimizer.weight_decay": 0.0,
    "search.alpha_optimizer.weight_decay": 0.0,
    "optimizer._target_": "torch.optim.AdamW",
    "optimizer.lr": 3e-4,
    "optimizer.weight_decay": 0.0,
    "stage.schedule.shape": "linear",
    "stage.schedule.warmup": 0.0,
    "trainer.gradient_clip_val": 2.0,
    "search_space.methods.lora.rank": 1,
    "search_space.methods.lora.alpha": 16.0,
    "search_space.methods.low_rank_adapter.start": "s3",
    "task.evaluation": "generate",
    "seed": 0,
}
LONG = {"superglue-record": 512, "glue-cola": 128, "glue-stsb": 128, "superglue-cb": 256}
EXPERIMENT = "experiment=paper_s3"


@pytest.mark.parametrize("task", [*STEPS, "superglue-record"])
def test_the_numbers_of_a_task(task):
    with composed(EXPERIMENT, f"task={task.replace('-', '/')}", name="search") as config:
        assert differing(config, EVERYWHERE) == {}
        assert (config.task.path, config.task.name, config.task.template) == (None, task, "published")
        assert (config.search.max_steps, config.trainer.max_steps) == (-1, -1)
        assert config.data.max_input_length == LONG.get(task, 256 if task.startswith("superglue") else 128)
        assert config.trainer.max_epochs == config.recipe.max_epochs
        found = config.search, config.recipe
        if task == "superglue-record":
            assert [(one.batch_size, one.max_epochs, one.val_check_interval) for one in found] == [
                (5, 1, 200),
                (8, 1, 200),
            ]
            assert config.data.eval_batch_size == 32
        else:
            rows, search, retrain = STEPS[task]
            steps = [
                one.max_epochs * ceil(count / one.batch_size)
                for one, count in zip(found, (rows // 2, rows), strict=True)
            ]
            assert steps == [search, retrain]
            assert all(one.val_check_interval <= count for one, count in zip(found, (search, retrain), strict=True))


def test_the_table_holds_the_published_tasks_and_no_more():
    with composed(EXPERIMENT, name="search") as config:
        assert set(OmegaConf.to_container(config.published)) == {*STEPS, "superglue-record"}


def cb(folder: Path) -> Path:
    """Rows of CommitmentBank as SuperGLUE hands them out: eight of train, and eight that become dev and test."""
    labels = ["entailment", "contradiction", "neutral", "entailment"] * 2
    for name in ("train", "val"):
        rows = [{"premise": f"p {i}", "hypothesis": f"h {i}", "label": one, "idx": i} for i, one in enumerate(labels)]
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return folder


def test_a_task_runs_with_the_numbers_of_its_name(model: Path, tmp_path: Path):
    words = (EXPERIMENT, f"task.path={cb(tmp_path / 'CB')}", "budget.parameters=400", "data.max_output_length=4")
    done = program(*words, folder=tmp_path / "run", model=model, name="search")
    assert (done.code, done.err) == (0, "")
    assert (done.record["task"]["name"], done.record["metric"], len(done.record["jobs"])) == (
        "superglue-cb",
        "Classification-F1/ACC",
        1,
    )
    settings = Structure.load(tmp_path / "run" / "structure.yaml")
    assert settings.cost <= 400
    assert done.record["config"]["data"]["batch_size"] == 16


def test_epochs_end_both_fits_where_no_steps_are_given(model: Path, tmp_path: Path):
    """Eight rows: a search of two epochs over halves in batches of 2 takes 4 steps, retraining of 3 by 4 takes 6."""
    short = ("search.batch_size=2", "search.max_epochs=2", "recipe.batch_size=4", "recipe.max_epochs=3")
    words = (
        EXPERIMENT,
        f"task.path={cb(tmp_path / 'CB')}",
        "budget.parameters=400",
        "data.max_output_length=4",
        "trainer=default",
        *short,
    )
    done = program(*words, "trainer.accelerator=cpu", folder=tmp_path / "run", model=model, name="search")
    assert (done.code, done.err) == (0, "")
    assert done.record["search"]["steps"] == 4
    assert done.record["jobs"][0]["best_step"] == 6


def test_another_task_has_no_published_numbers(model: Path, tmp_path: Path):
    done = program(EXPERIMENT, "task=glue/wnli", folder=tmp_path / "run", model=model, name="search")
    assert done.code == 2
    assert done.err.startswith("error: task.name: unknown task 'glue-wnli'; did you mean ")
    assert done.err.count("\n") == 1
