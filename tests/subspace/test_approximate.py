"""The approximation step against loops over tasks and methods."""

from __future__ import annotations

from functools import partial
from statistics import fmean

import pytest
import torch

from deltalab.backbone.batch import Batch
from deltalab.delta.adapter import Adapter
from deltalab.delta.lora import Lora
from deltalab.delta.prefix import Prefix
from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack
from deltalab.schedule import Schedule
from deltalab.step import Answerer, losses
from deltalab.subspace.approximate import SubspaceApproximation
from deltalab.subspace.down import Dense
from deltalab.subspace.mixing import mixing
from deltalab.subspace.solved import Solved
from deltalab.subspace.subspace import Projector, Subspace
from deltalab.subspace.up import Linear
from deltalab.task.builtin import make as make_task
from deltalab.task.datamodule import TextDataModule
from deltalab.task.several import SeveralTasks

from ..tuning.support import trainer

DIM = 3
METHODS = {"lora": Lora(rank=2), "adapter": Adapter(), "prefix": Prefix(length=2)}


@pytest.fixture
def made(fresh, task):
    def build(solutions=1, batch_size=6, **options):
        backbone, generator = fresh(), torch.Generator().manual_seed(0)
        tasks = [task, make_task("topic", {"train": 40, "dev": 20, "test": 20})]
        data = SeveralTasks([TextDataModule(one, backbone.tokenizer, [0], batch_size, 32) for one in tasks])
        deltas = {name: method.bind(backbone, name) for name, method in METHODS.items()}
        solved = [
            Solved(
                one,
                Answerer(each.decode, one.labels, each.label_ids, 8),
                {name: 0.1 * torch.randn(solutions, delta.size, generator=generator) for name, delta in deltas.items()},
            )
            for one, each in zip(tasks, data.tasks, strict=True)
        ]
        projectors = {
            name: Projector(
                delta,
                Linear(delta.layout.initial(0), DIM, 0.3, generator),
                Dense(delta.size, DIM, "tanh", 0.3, generator),
            )
            for name, delta in deltas.items()
        }
        optimizer = partial(torch.optim.AdamW, lr=1e-2)
        module = SubspaceApproximation(
            Stack(backbone), Subspace(DIM, projectors), solved, optimizer, Schedule("constant", 0.0), **options
        )
        module.log = module.log_dict = lambda *args, **kwargs: None
        data.setup("fit")
        return module, data

    return build


def first(data):
    return [next(iter(one.train_dataloader())) for one in data.tasks]


@pytest.mark.parametrize("mixture", ["dirichlet", "published"])
def test_the_loss_by_loops(made, mixture):
    module, data = made(weight=0.7, mixture=mixture)
    batches = first(data)
    weights = mixing(mixture, 2, 3, twin(module, draws=6))
    total = 0.0
    for t, (one, batch) in enumerate(zip(module.solved, batches, strict=True)):
        codes = {name: module.subspace[name].down.encode(v[0]) for name, v in one.steps.items()}
        mixed = sum(weights[t, m] * code for m, code in enumerate(codes.values()))
        for name, code in codes.items():
            projector = module.subspace[name]
            error = (one.steps[name][0] - projector.up.matrix @ code).norm()
            theta = projector.up.theta0 + projector.up.matrix @ mixed
            loss = losses(module.stack, batch, [Segment(projector.delta, theta)])[0]
            total = total + (0.7 * error + loss) / 2
    torch.testing.assert_close(module.training_step(batches, 0), total, rtol=1e-4, atol=1e-4)


def twin(module, draws):
    """A generator where the module's will be once it has drawn its solutions."""
    generator = torch.Generator()
    generator.set_state(module.chance.get_state())
    for _ in range(draws):
        torch.randint(1, (), generator=generator)
    return generator


def test_every_projector_and_nothing_else_gets_a_gradient(made):
    module, data = made()
    module.training_step(first(data), 0).backward()
    graded = {name for name, p in module.named_parameters() if p.grad is not None and bool(p.grad.abs().sum() > 0)}
    assert graded == {name for name, _ in module.named_parameters() if name.startswith("subspace.")}


def test_parted_rows_estimate_the_whole_without_bias(made):
    """Averaged over every way of dealing out the rows of a task, the parted losses are the whole ones."""
    module, data = made()
    rows = Batch.joined([same_length(batch) for batch in first(data)], 0)
    mixed = torch.randn(2, DIM, generator=torch.Generator().manual_seed(1))
    whole = module.task_losses(rows, dict.fromkeys(METHODS, mixed))
    module.partitioned = True
    parted = []
    for turn in range(3):
        order = torch.arange(12).view(2, 6).roll(2 * turn, dims=1).reshape(-1)
        parted.append(module.task_losses(rows.take(order), dict.fromkeys(METHODS, mixed)))
    torch.testing.assert_close(torch.stack(parted).mean(0), whole, rtol=1e-4, atol=1e-5)


def same_length(batch):
    """The batch with every answer the same, so that the mean over tokens is the mean over rows."""
    return Batch(batch.input_ids, batch.attention_mask, batch.labels[:1].expand(len(batch), -1).clone(), batch.rows)


def test_solutions_are_drawn_from_all(made):
    module, _ = made(solutions=3)
    seen = {tuple(v["lora"][:, 0].tolist()) for v in (module.codes._solutions(module.subspace) for _ in range(60))}
    assert len(seen) == 9  # 3 solutions of 2 tasks, independently


def test_a_fit_selects_and_tests_fixed_points(made):
    module, data = made()
    del module.log, module.log_dict
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
