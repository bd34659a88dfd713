"""The work that is measured: each builds what it needs and gives a function that does one step of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import nn
from torch.optim import AdamW

from benchmarks.models import backbone, batch, stock
from benchmarks.settings import Settings
from deltalab.backbone.batch import Batch
from deltalab.delta.full import Full
from deltalab.delta.lora import Lora
from deltalab.delta.method import Delta, Method
from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack
from deltalab.step import losses

__all__ = ["WORKS", "Work", "bound", "full", "lora", "packed", "peft", "plain", "start", "step", "tuned"]

Work = Callable[[], object]


def plain(size: str, settings: Settings) -> Work:
    """Forward and backward through the frozen stock model, down to its embedded input."""
    model, rows = stock(size, settings), batch(size, settings.rows, settings)

    def work() -> None:
        embedded = model.shared(rows.input_ids).requires_grad_()
        model(
            inputs_embeds=embedded, attention_mask=rows.attention_mask, labels=rows.labels, use_cache=False
        ).loss.backward()

    return work


def peft(size: str, settings: Settings, optimizer: bool = False) -> Work:
    """The LoRA step of the `peft` library on the stock model."""
    from peft import LoraConfig, get_peft_model

    config = LoraConfig(r=8, lora_alpha=16, target_modules=["q", "v"])
    model, rows = get_peft_model(stock(size, settings), config).train(), batch(size, settings.rows, settings)
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    finish = _finish(trained, optimizer)

    def work() -> None:
        model(
            input_ids=rows.input_ids, attention_mask=rows.attention_mask, labels=rows.labels, use_cache=False
        ).loss.backward()
        finish()

    return work


def lora(size: str, settings: Settings, optimizer: bool = False) -> Work:
    """Our LoRA step at the same rank on the same maps."""
    return tuned(Lora(), size, settings, 1, optimizer)


def packed(size: str, settings: Settings, optimizer: bool = False) -> Work:
    """The LoRA steps of 8 jobs with a batch each, in one pass."""
    return tuned(Lora(), size, settings, 8, optimizer)


def full(size: str, settings: Settings, optimizer: bool = False) -> Work:
    """A step of full fine-tuning."""
    return tuned(Full(), size, settings, 1, optimizer)


WORKS: dict[str, Callable[..., Work]] = {"plain": plain, "peft": peft, "lora": lora, "full": full, "packed": packed}


def tuned(method: Method, size: str, settings: Settings, count: int, optimizer: bool = False) -> Work:
    """A step of `count` thetas of one method with a batch each."""
    return bound(method.bind(backbone(size, settings), "delta"), size, settings, count, optimizer)


def bound(delta: Delta, size: str, settings: Settings, count: int, optimizer: bool = False) -> Work:
    """The same of a delta on its backbone."""
    stack, theta = Stack(delta.backbone), start(delta, count, settings)
    rows, finish = batch(size, count * settings.rows, settings), _finish([theta], optimizer)

    def work() -> None:
        step(stack, rows, [Segment(delta, theta)])
        finish()

    return work


def start(delta: Delta, count: int, settings: Settings) -> nn.Parameter:
    """Different thetas (count, D) of a delta, their zeros replaced by small numbers as training would."""
    thetas = torch.stack([delta.layout.initial(seed) for seed in range(count)]).to(settings.place)
    return nn.Parameter(thetas + 0.001 * torch.randn_like(thetas))


def step(stack: Stack, rows: Batch, segments: Sequence[Segment]) -> None:
    """Forward and backward."""
    losses(stack, rows, segments).sum().backward()


def _finish(trained: Sequence[nn.Parameter], optimizer: bool) -> Callable[[], None]:
    """What follows the backward pass: AdamW where wanted, then the gradients are dropped."""
    adamw = AdamW(trained, lr=1e-4, fused=True) if optimizer else None

    def finish() -> None:
        if adamw is not None:
            adamw.step()
        for parameter in trained:
            parameter.grad = None

    return finish
