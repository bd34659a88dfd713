"""Steps of a structure search on random backbones, and the published way of taking one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import SimpleNamespace

from torch import Tensor
from torch.autograd import grad
from torch.optim import AdamW

from benchmarks.models import backbone, batch, stock
from benchmarks.settings import Settings
from benchmarks.spaces import answerer, task
from benchmarks.works import Work
from deltalab.backbone.backbone import Backbone
from deltalab.delta.bitfit import BitFit
from deltalab.delta.candidates import Candidates
from deltalab.delta.lnfit import LNFit
from deltalab.delta.lora import Lora
from deltalab.delta.low_rank_adapter import LowRankAdapter
from deltalab.delta.stack import Stack
from deltalab.schedule import Schedule
from deltalab.search.bilevel import StructureSearch
from deltalab.search.budget import BudgetSchedule
from deltalab.search.gate import Gate, Temperature
from deltalab.search.hypergradient import Hypergradient, Losses
from deltalab.search.space import SearchSpace
from deltalab.search.strategy import Shift
from deltalab.search.upper import Exact, FiniteDifference, FirstOrder, OneLevel, Upper
from deltalab.search.virtual_step import VirtualStep

__all__ = ["LEVELS", "SEARCHES", "mix", "module", "one_by_one", "search", "second_backbone"]

BUDGET = 138.9e-6
LEVELS: dict[str, Callable[[], Upper | OneLevel]] = {
    "finite difference": FiniteDifference,
    "exact": Exact,
    "first order": FirstOrder,
    "one level": OneLevel,
}
_INNER = ("attn.?", "ffn.in", "ffn.out")
_SPACE = SearchSpace(
    {
        "lora": Lora(rank=1, roles=_INNER),
        "bitfit": BitFit((*_INNER, "norm.*")),
        "lnfit": LNFit(),
        "low_rank_adapter": LowRankAdapter(),
    }
)


def mix(backbone: Backbone) -> Candidates:
    """The units of `search_space=mix`: 156, 232 and 916 of the tiny, mid and large (or deep) T5 v1.0."""
    return _SPACE.bind(backbone)


def module(size: str, settings: Settings, upper: Upper | OneLevel) -> StructureSearch:
    """A search for 139 ppm of a random backbone, its optimisers those of `search.yaml`; it needs no trainer."""
    stack = Stack(backbone(size, settings), "eager")
    space = mix(stack.backbone)
    made = StructureSearch(
        stack,
        space,
        task(),
        answerer(),
        partial(AdamW, lr=3e-3, weight_decay=0.0, fused=True),
        partial(AdamW, lr=0.1, weight_decay=0.0, fused=True),
        Shift(),
        upper,
        BUDGET * stack.backbone.num_parameters,
        Gate(),
        Temperature(),
        BudgetSchedule(),
        Schedule(),
        Schedule(),
    ).to(settings.place)
    made.log = lambda *args, **kwargs: None  # type: ignore[assignment, method-assign]
    lower, above = made.configure_optimizers()
    taken = [SimpleNamespace(optimizer=one, step=one.step) for one in (lower, above)]
    made.optimizers = lambda *args: taken  # type: ignore[assignment, method-assign]
    made.total = 1_000_000
    return made.train()


def search(size: str, settings: Settings, upper: Upper | OneLevel) -> Work:
    """A step of theta and one of alpha: rows for either level, and for one level rows alone."""
    made, rows = module(size, settings, upper), batch(size, 2 * settings.rows, settings)
    train, val = rows.slice(0, settings.rows), rows.slice(settings.rows, 2 * settings.rows)
    batches = train if isinstance(upper, OneLevel) else [train, val]
    return lambda: made.training_step(batches, 0)


def second_backbone(size: str, settings: Settings) -> Work:
    """A step that never stacks passes, beside a second backbone in memory."""
    other, work = stock(size, settings), search(size, settings, one_by_one)
    return lambda: (other, work())


SEARCHES: dict[str, Callable[[str, Settings], Work]] = {
    "search": lambda size, settings: search(size, settings, FiniteDifference()),
    "second backbone": second_backbone,
}
"""Those whose memory is measured."""


def one_by_one(
    train: Losses, val: Losses, step: VirtualStep, theta: Tensor, alpha: Tensor, radius: float = 0.01
) -> Hypergradient:
    """`finite_difference` in four passes of one theta, as the code of arXiv 2206.07382 takes it."""
    theta, alpha = theta.detach().requires_grad_(), alpha.detach().requires_grad_()
    gradient = grad(train(theta[None], alpha)[0], theta)[0].requires_grad_()
    moved = step(theta, gradient)
    ahead = moved.detach().requires_grad_()
    loss = val(ahead[None], alpha)[0]
    partial_, d = grad(loss, (alpha, ahead))
    (u,) = grad(moved, gradient, d)
    e = radius * d.norm() / (d.norm() + 1e-6) / u.norm()
    plus, minus = (grad(train((theta + s * e * u).detach()[None], alpha)[0], alpha)[0] for s in (1, -1))
    return Hypergradient(partial_ + (plus - minus) / (2 * e), loss.detach())
