"""The approximation step against loops over tasks and methods."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
import torch
import torch.nn.functional as F
from torch.func import functional_call
from transformers import T5ForConditionalGeneration

from deltalab.backbone.batch import Batch
from deltalab.delta.full import Full
from deltalab.delta.lora import Lora
from deltalab.delta.segment import Segment
from deltalab.errors import UserError
from deltalab.step import losses
from deltalab.subspace.approximate import SubspaceApproximation
from deltalab.subspace.mixing import mixing
from deltalab.subspace.parted import deal

from .approximation import DIM, METHODS, approximation, first, silent


@pytest.fixture
def made(fresh, task):
    return partial(approximation, fresh(), task)


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
    torch.testing.assert_close(silent(module).training_step(batches, 0), total, rtol=1e-5, atol=1e-5)


def twin(module, draws):
    """A generator where the module's will be once it has drawn its solutions."""
    generator = torch.Generator()
    generator.set_state(module.chance.get_state())
    for _ in range(draws):
        torch.randint(1, (), generator=generator)
    return generator


UPS = [{"kind": "linear"}, {"kind": "two_layer", "hidden": 4, "activation": "tanh"}, {"kind": "fastfood_learned"}]


@pytest.mark.parametrize("span_down", [False, True])
@pytest.mark.parametrize("up", UPS, ids=lambda up: up["kind"])
def test_the_step_and_its_gradients_example_by_example(made, up, span_down):
    """Every row of every task alone through every method, and every gradient of the sum."""
    module, data = made(weight=0.7, up=up, span_down=span_down)
    batches, weights, total = first(data), mixing("dirichlet", 2, 3, twin(module, draws=6)), 0.0
    for t, (one, batch) in enumerate(zip(module.solved, batches, strict=True)):
        codes = {name: module.subspace[name].code(v[0]) for name, v in one.steps.items()}
        mixed = sum(weights[t, m] * code for m, code in enumerate(codes.values()))
        for name, code in codes.items():
            projector = module.subspace[name]
            error = (one.steps[name][0] - projector.up.step(code)).norm()
            theta = projector.up.theta0 + projector.up.step(mixed)
            for row in range(len(batch)):
                alone = batch.take(torch.tensor([row]))
                loss = losses(module.stack, alone, [Segment(projector.delta, theta)])[0]
                total = total + loss * alone.terms[0] / batch.terms.sum() / 2
            total = total + 0.7 * error / 2
    found = silent(module).training_step(batches, 0)
    torch.testing.assert_close(found, total, rtol=1e-5, atol=1e-5)
    trained = {name: p for name, p in module.named_parameters() if p.requires_grad}
    for name, one, other in zip(
        trained,
        torch.autograd.grad(found, list(trained.values())),
        torch.autograd.grad(total, list(trained.values())),
        strict=True,
    ):
        assert one.abs().max() > 0, name
        torch.testing.assert_close(one, other, rtol=1e-3, atol=1e-4 * float(other.abs().max()))


@pytest.mark.parametrize("options", [{}, {"mixture": "unshared"}, {"partitioned": True}, {"span_down": True}], ids=str)
def test_every_projector_and_nothing_else_gets_a_gradient(made, options):
    module, data = made(**options)
    silent(module).training_step(first(data), 0).backward()
    graded = {name for name, p in module.named_parameters() if p.grad is not None and bool(p.grad.abs().sum() > 0)}
    assert graded == {name for name, _ in module.named_parameters() if name.startswith("subspace.")}


@pytest.mark.parametrize("batch_size", [7, 6, 2, 1])
def test_the_parted_loss_row_by_row(made, batch_size):
    """Every row in a pass of its own through the method it visits, and as many times as methods pass it by."""
    module, data = made(batch_size=batch_size)
    rows = Batch.joined(first(data), 0)
    mixed = torch.randn(2, DIM, generator=torch.Generator().manual_seed(1))
    thetas = {name: module.subspace.decode(name, mixed) for name in METHODS}
    module.partitioned = True
    dealt = deal(2, batch_size, 3, twin(module, draws=0))
    found = module.task_losses(rows, thetas)
    expected = torch.zeros(3, 2)
    for m, name in enumerate(METHODS):
        for row in dealt.places[m].flatten().tolist():
            t, one = row // batch_size, rows.take(torch.tensor([row]))
            of_task = rows.slice(t * batch_size, (t + 1) * batch_size).terms.sum()
            loss = losses(module.stack, one, [Segment(module.subspace[name].delta, thetas[name][t])])[0]
            expected[m, t] += loss.detach() * one.terms[0] / of_task / dealt.share
    assert dealt.visits == (6 if batch_size >= 3 else 2 * batch_size)
    torch.testing.assert_close(found.detach(), expected, rtol=1e-4, atol=1e-5)


def test_the_joint_loss_by_loops(made):
    """Every method at the code of its task, from the tasks' losses alone."""
    module, data = made(joint=True)
    batches, total = first(data), 0.0
    for t, batch in enumerate(batches):
        for name in METHODS:
            up = module.subspace[name].up
            theta = up.theta0 + up.matrix @ module.codes.z[t]
            total = total + losses(module.stack, batch, [Segment(module.subspace[name].delta, theta)])[0] / 2
    loss = silent(module).training_step(batches, 0)
    torch.testing.assert_close(loss, total, rtol=1e-5, atol=1e-5)
    expected = torch.autograd.grad(total, module.codes.z)
    loss.backward()
    torch.testing.assert_close(module.codes.z.grad, expected[0], rtol=1e-3, atol=1e-5)
    graded = {name for name, p in module.named_parameters() if p.grad is not None and bool(p.grad.abs().sum() > 0)}
    assert graded == {"codes.z", *(f"subspace.projectors.{name}.up.matrix" for name in METHODS)}


@pytest.mark.parametrize(("mixing", "power"), [("proportional", 1.0), (2, 0.5)])
def test_tasks_count_by_their_rows(made, mixing, power):
    """The loss of a task as often as its rows have it drawn, by loops; sizes are told apart by leaving rows out."""
    module, data = made(joint=True)
    sizes = [len(module.solved[0].task.train), len(module.solved[0].task.train) // 4]
    few = replace(module.solved[1].task, train=module.solved[1].task.train[: sizes[1]])
    solved = [module.solved[0], replace(module.solved[1], task=few)]
    counted = SubspaceApproximation(
        module.stack, module.subspace, solved, module.optimizer, module.schedule, tasks=mixing, seed=1
    )
    batches, total = first(data), 0.0
    for t, batch in enumerate(batches):
        share = sizes[t] ** power / sum(size**power for size in sizes)
        for name in METHODS:
            up = counted.subspace[name].up
            theta = up.theta0 + up.matrix @ counted.codes.z[t]
            total = total + share * losses(counted.stack, batch, [Segment(counted.subspace[name].delta, theta)])[0]
    torch.testing.assert_close(silent(counted).training_step(batches, 0), total, rtol=1e-5, atol=1e-5)


def test_the_unshared_loss_by_loops(made):
    """Every method at the code of its own solution."""
    module, data = made(weight=0.7, mixture="unshared")
    batches, total = first(data), 0.0
    for one, batch in zip(module.solved, batches, strict=True):
        for name, v in one.steps.items():
            projector = module.subspace[name]
            moved = projector.up.matrix @ projector.down.encode(v[0])
            fitted = losses(module.stack, batch, [Segment(projector.delta, projector.up.theta0 + moved)])[0]
            total = total + (0.7 * (v[0] - moved).norm() + fitted) / 2
    torch.testing.assert_close(silent(module).training_step(batches, 0), total, rtol=1e-5, atol=1e-5)


def test_a_step_with_full_fine_tuning_has_the_gradients_of_the_stock_model(made, folder):
    module, data = made(methods={"lora": Lora(rank=2), "full": Full()}, joint=True)
    batches, total = first(data), 0.0
    stock = T5ForConditionalGeneration.from_pretrained(folder).eval()
    full, lora = module.subspace["full"], module.subspace["lora"]
    for z, batch in zip(module.codes.z, batches, strict=True):
        weights = full.delta.layout.unflatten(full.up(z))
        given = {"input_ids": batch.input_ids, "attention_mask": batch.attention_mask, "labels": batch.labels}
        logits = functional_call(stock, weights, (), given).logits
        total = total + F.cross_entropy(logits.flatten(0, 1), batch.labels.flatten(), ignore_index=-100) / 2
        total = total + losses(module.stack, batch, [Segment(lora.delta, lora.up(z))])[0] / 2
    wanted = [module.codes.z, full.up.scales, lora.up.matrix]
    expected = torch.autograd.grad(total, wanted)
    loss = silent(module).training_step(batches, 0)
    torch.testing.assert_close(loss, total, rtol=1e-5, atol=1e-5)
    for found, one in zip(torch.autograd.grad(loss, wanted), expected, strict=True):
        assert one.norm() > 0
        assert (found - one).norm() < 1e-4 * one.norm()


def test_what_cannot_be_mixed_is_refused(made):
    with pytest.raises(UserError, match=r"^subspace\.mixture: unknown mixture 'dirichlett'; did you mean dirichlet"):
        made(mixture="dirichlett")
    with pytest.raises(UserError, match=r"^subspace\.mixture=unshared: methods that are learnt jointly share"):
        made(joint=True, mixture="unshared")
