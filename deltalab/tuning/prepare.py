"""From a task and deltas to what `Trainer.fit` takes: the experiment of `train.py` without a config."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from torch.optim import AdamW

from deltalab.backbone.backbone import Backbone
from deltalab.delta.method import Delta
from deltalab.delta.stack import Stack
from deltalab.errors import UserError
from deltalab.packed.job import Job
from deltalab.schedule import Schedule
from deltalab.step import Answerer
from deltalab.task.datamodule import TextDataModule
from deltalab.task.task import Task
from deltalab.tuning.delta_tuning import DeltaTuning

__all__ = ["prepare"]


def prepare(
    task: Task,
    deltas: Sequence[Delta],
    seed: int = 42,
    lr: float | None = None,
    batch_size: int = 32,
    eval_batch_size: int = 256,
) -> tuple[DeltaTuning, TextDataModule]:
    """The module that tunes deltas side by side on a task, and its batches, with the usual settings of `train.py`.

    `lr` None takes the usual rate of each method. A train batch holds `batch_size` rows for each delta. Raises
    `UserError` for no delta, for two of one name, and for deltas of several backbones.
    """
    backbone = _backbone(deltas)
    starts = [delta.layout.initial(seed) for delta in deltas]
    jobs = [Job(delta.name, delta, seed, _rate(delta, lr), start) for delta, start in zip(deltas, starts, strict=True)]
    seeds, rows = [seed] * len(jobs), max(1, eval_batch_size // len(jobs))
    wording = backbone.family.architecture.wording
    data = TextDataModule(task, backbone.tokenizer, seeds, batch_size, rows, wording=wording)
    answerer = Answerer(data.decode, task.labels, data.label_ids, data.encoder.longest_answer)
    optimizer, schedule = partial(AdamW, weight_decay=0.0, fused=True), Schedule("linear", 0.06)
    module = DeltaTuning(Stack(backbone), jobs, task, answerer, optimizer, schedule)
    return module.train(), data  # a loaded model is in eval mode, and `fit` would keep it there, without dropout


def _backbone(deltas: Sequence[Delta]) -> Backbone:
    names = [delta.name for delta in deltas]
    if not deltas or len(set(names)) < len(names):
        raise UserError(f"deltas: {names} is not allowed; allowed: at least one, each with a name of its own")
    if any(delta.backbone is not deltas[0].backbone for delta in deltas):
        raise UserError(f"deltas: {names} are bound to several backbones; bind all of them to one")
    return deltas[0].backbone


def _rate(delta: Delta, lr: float | None) -> float:
    if lr is None and delta.method is None:
        raise UserError(f"lr: delta '{delta.name}' comes from no method with a usual rate; give lr=...")
    return delta.method.lr if lr is None and delta.method is not None else float(lr or 0.0)
