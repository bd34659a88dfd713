"""Whole fits of an approximation: what they select, test, keep, and go on from."""

from __future__ import annotations

from functools import partial
from statistics import fmean

import pytest
import torch

from deltalab.delta.segment import Segment
from deltalab.subspace.blocks import blocks

from ..tuning.support import trainer
from .approximation import METHODS, approximation, first


@pytest.fixture
def made(fresh, task):
    return partial(approximation, fresh(), task)


def test_a_fit_selects_and_tests_fixed_points(made):
    module, data = made()
    start = {name: tensor.clone() for name, tensor in module.subspace.state_dict().items()}
    runner = trainer(max_steps=4, val_check_interval=2)
    runner.fit(module, datamodule=data)
    assert module.best_step in (2, 4)
    runner.test(module, datamodule=data, verbose=False)
    assert any(not torch.equal(tensor, start[name]) for name, tensor in module.best["subspace"].items())
    for t, places in enumerate(module.tested):
        assert set(places) == {(m, p) for m in METHODS for p in (*METHODS, "centroid")}
        codes = {name: module.subspace[name].code(v).mean(0) for name, v in module.solved[t].steps.items()}
        codes["centroid"] = torch.stack(list(codes.values())).mean(0)
        for (method, point), score in places.items():
            assert score == alone(module, data.tasks[t], t, method, codes[point])
    mean = fmean(score.value for places in module.tested for score in places.values())
    assert runner.callback_metrics["test/score"].item() == pytest.approx(mean)


def alone(module, data, t, method, code):
    """The test score of one method at one code, in passes of its own."""
    segment = Segment(module.subspace[method].delta, module.subspace.decode(method, code))
    answers, task = {}, module.solved[t].task
    for batch in data.test_dataloader():
        found = module.solved[t].answerer(module.stack, batch, [segment])
        answers.update(zip(batch.rows.tolist(), found, strict=True))
    rows = sorted(answers)
    return task.metric.score([answers[r] for r in rows], [task.test[r].outputs for r in rows], task.labels)


def test_a_checkpoint_holds_no_backbone(made):
    module, _ = made()
    assert all(name.startswith("subspace.") for name in module.state_dict())
    module, _ = made(joint=True)
    assert [name for name in module.state_dict() if not name.startswith("subspace.")] == ["codes.z"]


def test_unshared_methods_train_apart(made):
    """What one method does to the loss reaches no number of another."""
    module, data = made(mixture="unshared", weight=0.0)
    rows = blocks(first(data), 0, module.chance)
    fitted = module.task_losses(rows, module.codes.draw(module.subspace).thetas)
    fitted[list(METHODS).index("adapter")].sum().backward()
    graded = {name.split(".")[2] for name, p in module.named_parameters() if p.grad is not None and p.grad.any()}
    assert graded == {"adapter"}


@pytest.mark.parametrize("options", [{"joint": True}, {"mixture": "unshared"}], ids=["joint", "unshared"])
def test_a_fit_judges_every_method_at_its_own_points(made, options):
    module, data = made(**options)
    runner = trainer(max_steps=4, val_check_interval=2)
    runner.fit(module, datamodule=data)
    runner.test(module, datamodule=data, verbose=False)
    for t, places in enumerate(module.tested):
        assert list(places) == [(name, "code" if "joint" in options else name) for name in METHODS]
        for (method, _), score in places.items():
            steps = module.solved[t].steps
            code = module.subspace[method].code(steps[method]).mean(0) if steps else module.best["codes"]["z"][t]
            assert score == alone(module, data.tasks[t], t, method, code.detach())
    for note in module.history:
        assert set(note["relative_error"]) == (set() if "joint" in options else set(METHODS))


@pytest.mark.parametrize("in_epochs", [False, True], ids=["steps", "epochs"])
@pytest.mark.parametrize("options", [{"joint": True}, {"solutions": 2}], ids=["joint", "encoded"])
def test_an_interrupted_fit_goes_on_to_the_same_end(fresh, task, tmp_path, options, in_epochs):
    runs = [approximation(fresh(), task, **options) for _ in range(2)]
    length = {"max_steps": -1, "max_epochs": 1} if in_epochs else {"max_steps": 8}
    torch.manual_seed(3)
    trainer(tmp_path, val_check_interval=2, **length).fit(runs[0][0], datamodule=runs[0][1])
    torch.manual_seed(3)
    trainer(val_check_interval=2, **length).fit(runs[1][0], datamodule=runs[1][1], ckpt_path=tmp_path / "step=4.ckpt")
    (one, other) = (module for module, _ in runs)
    assert [note["step"] for note in one.history] == [2, 4, 6, 8][: 3 if in_epochs else 4]  # seven batches an epoch
    assert other.history == one.history
    assert (other.best_score, other.best_step) == (one.best_score, one.best_step)
    same(one.state_dict(), other.state_dict())
    for part in ("subspace", "codes"):
        same(one.best[part], other.best[part])
    assert ("z" in one.best["codes"]) == ("joint" in options)


def same(one, other):
    assert list(one) == list(other)
    assert all(torch.equal(tensor, other[name]) for name, tensor in one.items())


def test_codes_train_and_the_best_are_tested(made):
    """The codes of the best validation come back, not the last ones."""
    module, data = made(joint=True)
    start = module.codes.z.detach().clone()
    runner = trainer(max_steps=4, val_check_interval=2)
    runner.fit(module, datamodule=data)
    assert (module.codes.z != start).any(1).all()  # the code of every task moved
    wanted = torch.full_like(module.codes.z, 0.5)
    module.best["codes"]["z"] = wanted
    runner.test(module, datamodule=data, verbose=False)
    assert torch.equal(module.codes.z, wanted)
