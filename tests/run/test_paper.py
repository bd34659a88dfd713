"""The published recipes: their numbers."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from omegaconf import DictConfig, OmegaConf

from deltalab.run.build import build
from deltalab.run.members import members
from deltalab.run.nested import nested, task_node
from deltalab.run.splits import member_node

from .published import SINGLE
from .support import CONF, composed

FOUND = sorted(path.stem for path in (CONF / "experiment").glob("paper_*.yaml") if path.stem != "paper_s3")

EVERYWHERE = {
    "backbone.path": "google/t5-base-lm-adapt",
    "backbone.dtype": "float32",
    "backbone.dropout": None,  # that of the model's config
    "optimizer._target_": "deltalab.optimizer.adafactor.FlatAdafactor",
    "optimizer.clip_threshold": 1.0,
    "optimizer.decay_rate": -0.8,
    "optimizer.beta1": None,
    "optimizer.weight_decay": 0.0,
    "optimizer.scale_parameter": False,
    "stage.schedule.shape": "constant",
    "stage.schedule.warmup": 0,
    "trainer.gradient_clip_val": None,
    "trainer.accumulate_grad_batches": 1,
    "data.max_input_length": 512,
    "data.max_output_length": 64,
    "data.template.input": " [{task}] {input}",
    "data.template.output": "<extra_id_0>{output}",
    "seed": 42,
}
SOLVE = {"optimizer.lr": 5e-4, "data.batch_size": 16}
LEARN = {
    "optimizer.lr": 1e-4,
    "data.batch_size": 8,
    "trainer.max_steps": 100_000,
    "trainer.val_check_interval": 1000,
    "stage.mixture": "published",
    "stage.reconstruction": "l2",
    "stage.weight": 0.1,
    "stage.partitioned": False,
    "subspace.dim": 4,
    "subspace.up": "linear",
    "subspace.down": "dense",
    "subspace.activation": "tanh",
    "subspace.std": 0.02,
    "subspace.solutions": 1,
}
MOVE = {
    "data.batch_size": 8,
    "trainer.max_steps": 5000,
    "trainer.val_check_interval": 500,
    "pack.lr": [1e-2, 5e-2],
    "recipe.start": "random",
    "task.limit.train": 400_000,
    "task.limit.dev": None,
    "task.evaluation": "generate",
}


def differing(config: DictConfig, published: dict[str, Any]) -> dict[str, Any]:
    """What of the published numbers a config has otherwise."""
    given = {key: OmegaConf.select(config, key) for key in published}
    return {key: value for key, value in given.items() if value != published[key]}


def means(text: str) -> list[float]:
    """Every E_rel that a comment states."""
    return [float(number) for number in re.findall(r"\b\d{2,3}\.\d\b", text)]


def stages(config: DictConfig) -> tuple[DictConfig, DictConfig]:
    """The runs that an experiment rests on: solving its own task, learning from its source."""
    source = task_node(config.subspace.source_task, "subspace.source_task")
    return (
        nested(config, "tune", config.task, config.seed),
        nested(config, "approximate", source, config.seed, subspace=config.subspace),
    )


def test_every_paper_experiment_is_here():
    assert sorted(["paper_multi", *(f"paper_single_{name}" for name in SINGLE)]) == FOUND


@pytest.mark.parametrize("name", SINGLE)
def test_the_numbers_of_a_single_task(name: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CROSSFIT", "/some place/crossfit")
    source, targets = SINGLE[name]
    with composed(f"experiment=paper_single_{name}") as config:
        tune, learn = stages(config)
        assert config.run == "deltalab.run.optimize.optimize"
        assert differing(config, {**EVERYWHERE, **MOVE}) == {}
        assert differing(tune, {**EVERYWHERE, **SOLVE}) == {}
        assert differing(learn, {**EVERYWHERE, **LEARN}) == {}
        assert config.task.path == f"/some place/crossfit/{next(iter(targets))}"
        assert learn.task.path == f"/some place/crossfit/{source}"
        rows = {"task.limit.train": 400_000, "task.limit.dev": 1000, "task.evaluation": "generate"}
        assert differing(learn, rows) == {}
    head = (CONF / "experiment" / f"paper_single_{name}.yaml").read_text().split("defaults:")[0]
    if len(targets) > 1:
        assert f" task.path={','.join(f'DIR/{target}' for target in targets)}\n" in head
    assert means(head) == [number for pair in targets.values() for number in pair]


def test_the_numbers_of_sixty_tasks(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("CROSSFIT", raising=False)
    with composed("experiment=paper_multi") as config:
        tune, learn = stages(config)
        moved = {**EVERYWHERE, **MOVE, "trainer.val_check_interval": 100, "task.limit.dev": 1000}
        assert differing(config, moved) == {}
        assert config.task.path == "data/rotten_tomatoes"
        assert differing(tune, {**EVERYWHERE, **SOLVE}) == {}
        # 20,000 rows of each of 60 tasks, once
        steps = {"data.batch_size": 1, "trainer.max_steps": 20_000, "subspace.dim": 100, "stage.weight": 10}
        assert differing(learn, {**EVERYWHERE, **LEARN, **steps}) == {}
        assert (len(learn.task.seen), len(learn.task.unseen)) == (60, 10)
        one = member_node(learn.task, "glue-sst2")
        assert one.path == "data/glue-sst2"
        assert (one.evaluation, one.limit) == ("generate", {"train": 20_000, "dev": 240, "test": None})
    # Tables 4 and 3
    assert means((CONF / "experiment" / "paper_multi.yaml").read_text()) == [88.7, 84.7]


def test_the_methods_start_as_published(model: Path):
    """Adapter: both matrices N(0, 0.02^2); LoRA: A uniform up to 1/sqrt(10), B 0, scale 1.6; prefix: N(0, 0.02^2)."""
    with composed("experiment=paper_single_sst2", f"backbone.path={model}") as config:
        deltas = members(config, SimpleNamespace(backbone=build(config, "backbone"))).deltas
        assert config.subspace.methods[1].lora.alpha / config.subspace.methods[1].lora.rank == 1.6
    assert list(deltas) == ["adapter", "lora", "prefix"]  # the published mixture favours the first
    tensors = {}
    for name, delta in deltas.items():
        sizes = [torch.Size(spec.shape).numel() for spec in delta.layout.specs]
        parts = delta.layout.initial(42).split(sizes)
        tensors[name] = {spec.name: part.view(spec.shape) for spec, part in zip(delta.layout.specs, parts, strict=True)}
    adapter, lora, prefix = tensors.values()
    assert len(adapter) == 2 * (2 * 2 + 2 * 3)  # two matrices a block, two layers a side
    assert {tuple(part.shape) for part in adapter.values()} == {(32, 12), (12, 32)}
    assert torch.cat([part.flatten() for part in adapter.values()]).std().item() == pytest.approx(0.02, rel=0.05)
    downs = [part for name, part in lora.items() if name.endswith("lora_A")]
    assert {tuple(part.shape) for part in downs} == {(10, 32)}
    assert 0.3 < max(part.abs().max().item() for part in downs) < 10**-0.5
    assert all(not part.any() for name, part in lora.items() if name.endswith("lora_B"))
    assert len(prefix) == 6  # one V for all layers of a side, so the published cut
    (starts,) = {part.std().item() for name, part in prefix.items() if name == "encoder.attn.prefix.embedding"}
    assert starts == pytest.approx(0.02, rel=0.1)
    assert {tuple(part.shape) for part in prefix.values()} == {(120, 32), (24, 32), (2 * 2 * 3 * 6, 24)}
