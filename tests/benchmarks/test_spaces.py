"""The naive way does the work of the step it is set beside, and the methods have the published size."""

import pytest
import torch

from benchmarks.models import SIZES, backbone, batch
from benchmarks.settings import Settings
from benchmarks.spaces import approximation, descend, methods, one_by_one, optimizer, subspace
from deltalab.delta.stack import Stack

STILL = Settings(sizes=("tiny",), threads=1, source=6, target=3, dropout=0.0)


@pytest.mark.parametrize(("size", "parameters"), [("tiny", 61_440), ("mid", 491_520)])
def test_every_method_has_the_published_size(size, parameters):
    made = {name: method.bind(backbone(size, STILL), name) for name, method in methods(size).items()}
    assert {name: delta.size for name, delta in made.items()} == dict.fromkeys(
        ("adapter", "lora", "prefix"), parameters
    )


def test_the_base_size_needs_a_prefix_of_120():
    assert SIZES["base"][-1] == 12
    assert methods("base")["prefix"].length == 120


def test_methods_are_as_large_as_published_and_projectors_span_their_solutions():
    space, v = subspace(Stack(backbone("tiny", STILL)), "tiny", 4, STILL, 2)
    assert {step.shape for step in v.values()} == {(2, 61_440)}
    each = 61_440 * 4 + 4 * 2 + 4 + 4 * 4 + 4  # U and A; b1, W2, b2
    assert sum(parameter.numel() for parameter in space.parameters()) == 3 * each


@pytest.mark.parametrize(("tasks", "rows"), [(1, 6), (4, 1)])
def test_the_loop_has_the_loss_and_the_gradient_of_the_one_pass(tasks, rows):
    module = approximation("tiny", 3, tasks, STILL)
    given = batch("tiny", tasks * rows, STILL)
    batches = [given.slice(i * rows, (i + 1) * rows) for i in range(tasks)]
    weights = list(module.subspace.parameters())
    start = module.chance.get_state()
    together = module.training_step(batches, 0)
    wanted = torch.autograd.grad(together, weights)
    module.chance.set_state(start)
    for _ in range(3 * tasks):  # the step has drawn its solutions first
        torch.randint(1, (), generator=module.chance)
    alone = one_by_one(module, batches)
    torch.testing.assert_close(alone, together, rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(torch.autograd.grad(alone, weights), wanted, rtol=1e-3, atol=1e-6)


def test_a_step_moves_every_projector_and_drops_the_gradients():
    module = approximation("tiny", 3, 1, STILL)
    before = [parameter.clone() for parameter in module.subspace.parameters()]
    weights = list(module.subspace.parameters())
    descend(module.training_step([batch("tiny", 3, STILL)], 0), optimizer(weights, 1e-2))
    assert not any(torch.equal(a, b) for a, b in zip(before, weights, strict=True))
    assert all(parameter.grad is None for parameter in weights)
