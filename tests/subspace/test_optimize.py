"""A code is trained through its up-projection alone, and tested as every method."""

from __future__ import annotations

from functools import partial

import pytest
import torch

from deltalab.delta.adapter import Adapter
from deltalab.delta.lora import Lora
from deltalab.delta.prefix import Prefix
from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack
from deltalab.errors import UserError
from deltalab.packed.job import Job
from deltalab.schedule import Schedule
from deltalab.step import Answerer, losses
from deltalab.subspace.optimize import SubspaceOptimization
from deltalab.subspace.subspace import Projector, Subspace
from deltalab.subspace.up import Linear
from deltalab.task.datamodule import TextDataModule

from ..tuning.support import trainer

DIM = 3
METHODS = {"lora": Lora(rank=2), "adapter": Adapter(), "prefix": Prefix(length=2)}


@pytest.fixture
def made(fresh, task):
    backbone = fresh()
    generator = torch.Generator().manual_seed(0)
    deltas = {name: method.bind(backbone, name) for name, method in METHODS.items()}
    subspace = Subspace(
        DIM,
        {
            name: Projector(delta, Linear(delta.layout.initial(0), DIM, 0.3, generator))
            for name, delta in deltas.items()
        },
    )
    jobs = [
        Job(f"{name}-{seed}", deltas[name], seed, 0.5, 0.02 * torch.randn(DIM, generator=generator))
        for name, seed in (("lora", 0), ("prefix", 1))
    ]
    data = TextDataModule(task, backbone.tokenizer, [job.seed for job in jobs], 4, 32)
    answerer = Answerer(data.decode, task.labels, data.label_ids, 8)
    stack, optimizer = Stack(backbone), partial(torch.optim.SGD)
    return SubspaceOptimization(stack, subspace, jobs, task, answerer, optimizer, Schedule("constant", 0.0)), data


def test_the_gradient_of_a_code_is_that_of_theta_times_u(made):
    module, data = made
    data.setup("fit")
    batch = next(iter(data.train_dataloader()))
    module.log = lambda *args, **kwargs: None
    module.training_step(batch, 0).backward()
    for i, job in enumerate(module.jobs):
        up = module.subspace[job.delta.name].up
        theta = (up.theta0 + up.matrix @ module.points[i].detach()).requires_grad_()
        rows = batch.slice(4 * i, 4 * (i + 1))
        losses(module.stack, rows, [Segment(job.delta, theta)]).sum().backward()
        torch.testing.assert_close(module.points[i].grad, up.matrix.T @ theta.grad, rtol=1e-3, atol=1e-5)


def test_only_codes_train_and_every_method_is_tested(made, task):
    module, data = made
    before = {name: tensor.clone() for name, tensor in module.subspace.state_dict().items()}
    runner = trainer(max_steps=4, val_check_interval=2)
    runner.fit(module, datamodule=data)
    runner.test(module, datamodule=data, verbose=False)
    assert all(torch.equal(tensor, before[name]) for name, tensor in module.subspace.state_dict().items())
    assert not any(torch.equal(point, job.start) for point, job in zip(module.points, module.jobs, strict=True))
    for i, job in enumerate(module.jobs):
        assert list(module.scores[i]) == list(METHODS)
        assert module.progress[i].test == module.scores[i][job.delta.name]
        for name, score in module.scores[i].items():
            assert score == alone(module, data, task, name, module.best[i])


def alone(module, data, task, name, z):
    """The test score of one decoded theta in passes of its own."""
    segment = Segment(module.subspace[name].delta, module.subspace.decode(name, z))
    answers = {}
    for batch in data.test_dataloader():
        answers.update(zip(batch.rows.tolist(), module.answerer(module.stack, batch, [segment]), strict=True))
    rows = sorted(answers)
    return task.metric.score([answers[r] for r in rows], [task.test[r].outputs for r in rows], task.labels)


def test_a_checkpoint_holds_codes_alone(made):
    module, _ = made
    assert {name: tensor.numel() for name, tensor in module.state_dict().items()} == {
        f"{kind}.{i}": DIM for kind in ("points", "best") for i in range(2)
    }


def test_what_a_subspace_does_not_hold(made):
    module, _ = made
    with pytest.raises(UserError, match=r"^subspace: unknown method 'lorra'; did you mean lora"):
        module.subspace.decode("lorra", torch.zeros(DIM))
    with pytest.raises(UserError, match="no down-projection for 'lora'"):
        module.subspace.encode("lora", torch.zeros(1))
    with pytest.raises(UserError, match=r"^subspace\.dim=0"):
        Subspace(0, {})
