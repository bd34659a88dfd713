"""Eight jobs packed on one backbone against eight runs one after the other, through the real module and data."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from functools import partial

from lightning import Trainer
from torch.optim import AdamW
from transformers import ByT5Tokenizer

from benchmarks.figure import Figure
from benchmarks.models import backbone
from benchmarks.settings import Settings
from benchmarks.timing import alternate
from deltalab.delta.lora import Lora
from deltalab.delta.stack import Stack
from deltalab.packed.job import Job
from deltalab.run.quiet import quiet
from deltalab.schedule import Schedule
from deltalab.step import Answerer
from deltalab.task.builtin import make
from deltalab.task.datamodule import TextDataModule
from deltalab.task.task import Task
from deltalab.tuning.delta_tuning import DeltaTuning

__all__ = ["measure"]

SEEDS, RATES = (0, 1, 2, 3), (1e-3, 3e-4)


def measure(settings: Settings) -> list[Figure]:
    """Optimiser steps a second of all jobs together: data, forward, backward, clipping, AdamW and schedule.

    Setting up a trainer counts on both sides. Starting Python and reading the backbone, which separate runs repeat,
    count on neither.
    """
    quiet()
    return [_figure(size, settings) for size in settings.sizes]


def _figure(size: str, settings: Settings) -> Figure:
    stack = Stack(backbone(size, settings))
    delta = Lora().bind(stack.backbone, "lora")
    task = make("movie_sentiment", {"train": 256, "dev": 8, "test": 8})
    jobs = [
        Job(f"{seed}-{lr}", delta, seed, lr, delta.layout.initial(seed)) for seed, lr in itertools.product(SEEDS, RATES)
    ]
    run = partial(_run, stack, task, settings)
    works: dict[str, Callable[[], object]] = {
        "packed": partial(run, jobs),
        "separate": lambda: [run([job]) for job in jobs],
    }
    timings = alternate(works, settings)
    return Figure(
        "8 jobs packed / 8 runs, steps a second",
        size,
        {f"{name} steps/s": len(jobs) * settings.steps / one for name, one in timings.seconds().items()},
        timings.ratio("separate", "packed"),
        {"jobs": len(jobs), "rows per job": settings.rows, "steps": settings.steps},
    )


def _run(stack: Stack, task: Task, settings: Settings, jobs: Sequence[Job]) -> None:
    data = TextDataModule(
        task, ByT5Tokenizer(), [job.seed for job in jobs], settings.rows, 8, max_input_length=settings.source
    )
    module = DeltaTuning(stack, jobs, task, Answerer(data.decode), partial(AdamW, fused=True), Schedule())
    module.train()
    trainer = Trainer(
        accelerator="gpu" if settings.place.type == "cuda" else "cpu",
        devices=1,
        max_steps=settings.steps,
        limit_val_batches=0,
        gradient_clip_val=1.0,
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
    )
    trainer.fit(module, datamodule=data)
