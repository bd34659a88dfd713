"""The slow way: one row at a time, without padding, on a stock model whose modules are replaced by plain ones."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import PreTrainedModel

from deltalab.backbone.batch import IGNORED, Batch
from deltalab.delta.method import Delta
from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack

from .helpers import logits_and_grads, perturbed, same

Install = Callable[[PreTrainedModel, dict[str, Tensor]], None]

# The modules of a T5 with 3 encoder and 2 decoder layers, in the order of the model.
SELF = [f"encoder.block.{i}.layer.0.SelfAttention" for i in range(3)]
SELF += [f"decoder.block.{i}.layer.0.SelfAttention" for i in range(2)]
CROSS = [f"decoder.block.{i}.layer.1.EncDecAttention" for i in range(2)]
FFN = [f"encoder.block.{i}.layer.1.DenseReluDense" for i in range(3)]
FFN += [f"decoder.block.{i}.layer.2.DenseReluDense" for i in range(2)]
NORMS = [f"encoder.block.{i}.layer.{j}.layer_norm" for i in range(3) for j in range(2)] + ["encoder.final_layer_norm"]
NORMS += [f"decoder.block.{i}.layer.{j}.layer_norm" for i in range(2) for j in range(3)] + ["decoder.final_layer_norm"]


class Around(nn.Module):
    """A module whose output y becomes `change(y)`."""

    def __init__(self, inner: nn.Module, change: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.inner, self.change = inner, change
        if hasattr(inner, "weight"):  # T5 looks at the number format of `wo`
            self.weight = inner.weight

    def forward(self, *args: object, **kwargs: object) -> object:
        output = self.inner(*args, **kwargs)
        return (self.change(output[0]), *output[1:]) if isinstance(output, tuple) else self.change(output)


class Before(Around):
    """A module whose input x becomes `change(x)`."""

    def forward(self, x: Tensor) -> Tensor:
        return self.inner(self.change(x))


def wrap(model: nn.Module, path: str, change: Callable[[Tensor], Tensor], kind: type[Around] = Around) -> None:
    """Replace the module at `path` by itself inside another."""
    model.set_submodule(path, kind(model.get_submodule(path), change))


def row(batch: Batch, i: int) -> tuple[Tensor, Tensor]:
    """Input ids and labels (1, length) of row i without its padding."""
    return batch.input_ids[i][batch.attention_mask[i] == 1][None], batch.labels[i][batch.labels[i] != IGNORED][None]


def row_logits(model: PreTrainedModel, ids: Tensor, labels: Tensor) -> Tensor:
    """Logits (length, vocabulary) of one row, without any mask given."""
    started = torch.cat([torch.zeros_like(labels[:, :1]), labels[:, :-1]], dim=1)
    return model(input_ids=ids, decoder_input_ids=started, use_cache=False).logits[0]


def check(
    stack: Stack, build: Callable[[], PreTrainedModel], delta: Delta, batch: Batch, install: Install, count: int = 2
) -> None:
    """Assert that a stack's logits and gradients are those of `install`ed models, row by row."""
    theta = perturbed(delta, count)
    logits, (grad,) = logits_and_grads(stack, batch, [Segment(delta, theta)])
    leaf, loss = theta.clone().requires_grad_(), torch.zeros(())
    for i in range(len(batch)):
        model = build()
        model.set_attn_implementation("eager")
        install(model, delta.layout.unflatten(leaf[i * count // len(batch)]))
        ids, labels = row(batch, i)
        expected = row_logits(model, ids, labels)
        same(logits[i, : len(expected)], expected.detach())
        loss = loss + F.cross_entropy(expected, labels[0], reduction="sum")
    same(grad, torch.autograd.grad(loss, leaf)[0])
