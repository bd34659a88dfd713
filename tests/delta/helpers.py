"""The members of `conf/delta`, thetas to try them with, and what counts as equal."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import torch
import torch.nn.functional as F
from hydra import compose, initialize_config_dir
from hydra.utils import instantiate
from omegaconf import DictConfig
from torch import Tensor

from deltalab.backbone.backbone import Backbone
from deltalab.backbone.batch import Batch
from deltalab.delta.method import Delta, Method
from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack

CONF = Path(__file__).parents[2] / "conf"
MEMBERS = sorted(path.stem for path in (CONF / "delta").glob("*.yaml"))
TUNED = [name for name in MEMBERS if name != "frozen"]
MANDATORY = {"structure": (f"delta.path='{Path(__file__).with_name('structure.yaml')}'",)}
GATED = [name for name in MEMBERS if name not in ("full", "frozen")]


@cache
def config(name: str) -> DictConfig:
    """`conf/delta/<name>.yaml` as Hydra composes it."""
    with initialize_config_dir(str(CONF), version_base="1.3"):
        return compose(overrides=[f"+delta={name}", *MANDATORY.get(name, ())]).delta


def method(name: str) -> Method:
    """The method a member of `conf/delta` describes."""
    return instantiate(config(name))


def bind(name: str, backbone: Backbone) -> Delta:
    """The delta of a member on a backbone."""
    return method(name).bind(backbone, name)


def perturbed(delta: Delta, count: int | None = None, seed: int = 0, spread: float = 0.1) -> Tensor:
    """theta0 plus noise, (D,) or (count, D): away from the zeros that hide tensors from the output."""
    generator = torch.Generator().manual_seed(seed)
    shape = (delta.size,) if count is None else (count, delta.size)
    return delta.layout.initial(seed) + spread * torch.randn(shape, generator=generator)


def same(actual: Tensor, expected: Tensor, tolerance: float = 1e-5) -> None:
    """Assert that two tensors agree relative to the largest number in them."""
    scale = max(1e-6, float(expected.detach().abs().max())) if expected.numel() else 1.0
    torch.testing.assert_close(actual, expected, rtol=0.0, atol=tolerance * scale)


def error(logits: Tensor, batch: Batch, dtype: torch.dtype = torch.float32) -> Tensor:
    """Cross-entropy summed over all labels, so that rows weigh the same whatever passes they ran in."""
    return F.cross_entropy(logits.flatten(0, 1).to(dtype), batch.labels.flatten(), reduction="sum")


def logits_and_grads(stack: Stack, batch: Batch, segments: Sequence[Segment]) -> tuple[Tensor, list[Tensor]]:
    """Logits of one stacked pass and the gradient of the error to every theta."""
    leaves = [Segment(s.delta, s.theta.detach().clone().requires_grad_(), s.gates) for s in segments]
    logits = stack.logits(batch, leaves)
    # The empty theta of "frozen" has no part in the output.
    anchored = error(logits, batch) + sum(leaf.theta.sum() for leaf in leaves if not leaf.theta.numel())
    return logits.detach(), list(torch.autograd.grad(anchored, [leaf.theta for leaf in leaves]))


def one_by_one(stack: Stack, batch: Batch, segments: Sequence[Segment]) -> tuple[Tensor, list[Tensor]]:
    """The same as `logits_and_grads`, by one pass for each theta over its own rows."""
    total = sum(segment.count for segment in segments)
    each, done, logits, grads = len(batch) // total, 0, [], []
    for segment in segments:
        thetas = segment.theta.reshape(segment.count, -1)
        gates = [None] * segment.count if segment.gates is None else segment.gates.reshape(segment.count, -1)
        parts = []
        for theta, gate in zip(thetas, gates, strict=True):
            rows = batch.slice(done, done + each)
            out, (grad,) = logits_and_grads(stack, rows, [Segment(segment.delta, theta, gate)])
            logits.append(out)
            parts.append(grad)
            done += each
        grads.append(torch.stack(parts).view(segment.theta.shape))
    return torch.cat(logits), grads
