"""What is trained, what is tested, and what stays as it was."""

from __future__ import annotations

from functools import partial

import pytest
import torch
from lightning.pytorch.callbacks import Callback

from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack
from deltalab.schedule import Schedule
from deltalab.tuning.delta_tuning import DeltaTuning

from .support import FULL, LORA, make, make_jobs, thetas, trainer


class History(Callback):
    """The thetas at each validation, the loss of each step, and whether the backbone was in training mode."""

    def __init__(self) -> None:
        self.thetas: dict[int, list[torch.Tensor]] = {}
        self.losses: list[float] = []
        self.modes: list[tuple[str, bool]] = []

    def on_validation_start(self, trainer, module) -> None:
        self.thetas[trainer.global_step] = thetas(module)
        self.modes.append(("dev", module.backbone.training))

    def on_train_batch_end(self, trainer, module, outputs, batch, batch_idx) -> None:
        self.losses.append(outputs["loss"].item())
        self.modes.append(("train", module.backbone.training))


def fit(module, data, **settings) -> History:
    history = History()
    trainer(callbacks=[history], **settings).fit(module, datamodule=data)
    return history


def test_the_theta_with_the_best_dev_score_is_the_one_tested(fresh, task, monkeypatch):
    backbone = fresh()
    jobs = make_jobs(backbone, (LORA, 0, 0.1), (FULL, 0, 0.1))
    module, data = make(backbone, task, jobs)
    given, score = iter([0.3, 0.9, 0.8, 0.5, 0.8, 0.5]), DeltaTuning._score

    def scored(split, i):
        real = score(module, split, i)
        return type(real)(next(given)) if split == "dev" else real

    monkeypatch.setattr(module, "_score", scored)
    history = fit(module, data, max_steps=6, val_check_interval=2)
    assert [p.best_step for p in module.progress] == [4, 2]
    for i, step in enumerate((4, 2)):
        assert torch.equal(module.best[i], history.thetas[step][i])
    trainer().test(module, datamodule=data, verbose=False)
    for i, job in enumerate(jobs):
        alone, _ = make(backbone, task, [job])
        alone.best[0].data.copy_(module.best[i].data)
        trainer().test(alone, datamodule=data, verbose=False)
        assert alone.progress[0].test == module.progress[i].test


def test_a_dev_score_is_that_of_the_answers(fresh, task):
    backbone = fresh()
    module, data = make(backbone, task, make_jobs(backbone, (LORA, 0, 0.1)))
    fit(module, data, max_steps=3)
    answers = {}
    for batch in data.val_dataloader():
        found = module.answerer(Stack(backbone), batch, [Segment(module.jobs[0].delta, module.best[0])])
        answers |= dict(zip(batch.rows.tolist(), found, strict=True))
    right = sum(answers[row] in example.outputs for row, example in enumerate(task.dev))
    assert module.progress[0].best == pytest.approx(right / len(task.dev))


def test_the_backbone_stays_as_it_was(fresh, task):
    backbone = fresh()
    before = backbone.weight_hash
    module, data = make(backbone, task, make_jobs(backbone, (LORA, 0, 0.1), (FULL, 0, 0.1)))
    fit(module, data)
    del backbone.__dict__["weight_hash"]
    assert backbone.weight_hash == before == fresh().weight_hash
    assert not any(p.requires_grad or p.grad is not None for p in backbone.model.parameters())
    assert {name for name, p in module.named_parameters() if p.requires_grad} == {"points.0", "points.1"}


def test_a_sanity_check_selects_nothing(fresh, task):
    backbone = fresh()
    module, data = make(backbone, task, make_jobs(backbone, (LORA, 0, 0.1)))
    fit(module, data, num_sanity_val_steps=1, max_steps=3)
    assert module.progress[0].best_step == 3
    assert module.progress[0].dev.details["rows"] == len(task.dev)


def test_each_job_follows_the_schedule_from_its_own_rate(fresh, task):
    rates = []

    class Rates(Callback):
        def on_train_batch_start(self, trainer, *rest) -> None:
            rates.append([group["lr"] for group in trainer.optimizers[0].param_groups])

    backbone = fresh()
    schedule = Schedule("linear", 0.25)
    module, data = make(backbone, task, make_jobs(backbone, (LORA, 0, 0.1), (FULL, 0, 0.01)), schedule=schedule)
    trainer(callbacks=[Rates()], max_steps=8).fit(module, datamodule=data)
    expected = [[lr * schedule.factor(step, 8) for lr in (0.1, 0.01)] for step in range(8)]
    torch.testing.assert_close(torch.tensor(rates), torch.tensor(expected))


def test_dropout_is_active_in_training_and_off_in_evaluation(fresh, task):
    found = []
    for dropout in (0.0, 0.5):
        backbone = fresh(dropout=dropout)
        module, data = make(backbone, task, make_jobs(backbone, (LORA, 0, 1e-12)))
        history = fit(module, data, max_steps=5, val_check_interval=2)
        found.append((history.losses, module.progress[0].dev))
        assert history.modes == [("train", True)] * 2 + [("dev", False)] + [("train", True)] * 2 + [
            ("dev", False),
            ("train", True),
        ]
    (calm, dev), (noisy, same) = found
    assert all(abs(a - b) > 1e-3 for a, b in zip(calm, noisy, strict=True))
    assert dev == same


@pytest.mark.parametrize("method", [LORA, FULL], ids=["lora", "full"])
def test_gradient_checkpointing_changes_no_number(fresh, task, method):
    runs = []
    calm = partial(torch.optim.AdamW, eps=1e-3)  # the usual one makes whole steps of gradients that are but rounding
    for checkpointing in (False, True):
        backbone = fresh()
        jobs = make_jobs(backbone, (method, 0, 1e-2), (method, 1, 1e-2))
        module, data = make(backbone, task, jobs, calm, checkpointing=checkpointing)
        runs.append((fit(module, data, max_steps=4).losses, thetas(module)))
    (plain, expected), (recomputed, found) = runs
    assert recomputed == pytest.approx(plain, rel=1e-5)
    for theta, other in zip(found, expected, strict=True):
        torch.testing.assert_close(theta, other, rtol=0, atol=1e-5)


def test_bfloat16_is_close_to_float32_and_keeps_float32_thetas(fresh, task):
    found = {}
    for precision in ("32-true", "bf16-mixed"):
        backbone = fresh()
        module, data = make(backbone, task, make_jobs(backbone, (LORA, 0, 1e-2), (FULL, 0, 1e-2)))
        found[precision] = fit(module, data, max_steps=4, precision=precision).losses
        assert {theta.dtype for theta in [*module.points, *module.best]} == {torch.float32}
    assert found["bf16-mixed"] == pytest.approx(found["32-true"], rel=0.02)
    assert found["bf16-mixed"] != found["32-true"]
