"""StructureSearch against loops by hand, and what it promises about steps, scores and mistakes."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

import pytest
import torch
import torch.nn.functional as F
from lightning import Callback

from deltalab.backbone.batch import IGNORED
from deltalab.delta.method import Delta
from deltalab.delta.segment import Segment
from deltalab.errors import UserError
from deltalab.optimizer.adafactor import FlatAdafactor
from deltalab.schedule import Schedule
from deltalab.search.gate import Gate
from deltalab.search.hypergradient import finite_difference
from deltalab.search.shift import shift
from deltalab.search.strategy import L0
from deltalab.search.upper import FirstOrder, OneLevel
from deltalab.search.virtual_step import AdamW

from ..tuning.support import trainer
from .searching import SPACE, batches, make

SOFT = Gate("soft")


def loss_of(module, batch):
    """Losses of thetas under gates, by the logits alone."""

    def losses(thetas, gates):
        segment = Segment(module.candidates.delta, thetas, gates.expand(len(thetas), -1))
        logits = module.stack.logits(batch.repeat(len(thetas)), [segment])
        each = [
            F.cross_entropy(part.flatten(0, 1), batch.labels.flatten(), ignore_index=IGNORED)
            for part in logits.split(len(batch))
        ]
        return torch.stack(each)

    return losses


def by_hand(module, data, steps, bilevel, clip=None, alpha_clip=None):
    """theta and alpha after some steps without noise, by torch's optimisers and clipping."""
    costs, budget = module.inclusion.costs, module.inclusion.budget
    theta, alpha = (torch.nn.Parameter(p.detach().clone()) for p in (module.theta, module.alpha))
    lower = torch.optim.AdamW([theta], lr=1e-2, weight_decay=0.0)
    upper = torch.optim.Adam([alpha], lr=0.1, betas=(0.5, 0.999))
    for at, batch in enumerate(batches(data, steps)):
        lower.param_groups[0]["lr"] = 1e-2 * Schedule("linear", 0.25).factor(at, steps)
        upper.param_groups[0]["lr"] = 0.1 * Schedule("linear").factor(at, steps)
        gates = shift(alpha, costs, budget).sigmoid().float()
        if bilevel:
            train, val = (loss_of(module, one) for one in batch)
            found = finite_difference(train, val, AdamW.following(lower, theta, clip), theta, gates)
            alpha.grad = torch.autograd.grad(gates, alpha, found.gradient)[0]
            _step(upper, alpha, alpha_clip)
            gates = shift(alpha, costs, budget).sigmoid().float().detach()
            train(theta[None], gates)[0].backward(inputs=[theta])
        else:
            loss_of(module, batch)(theta[None], gates)[0].backward(inputs=[theta, alpha])
            _step(upper, alpha, alpha_clip)
        _step(lower, theta, clip)
    return theta, alpha


def _step(optimizer, parameter, clip):
    if clip is not None:
        torch.nn.utils.clip_grad_norm_([parameter], clip)
    optimizer.step()
    optimizer.zero_grad()


@pytest.mark.parametrize("clips", [{}, {"clip": 0.05, "alpha_clip": 1e-3}], ids=["unclipped", "clipped"])
@pytest.mark.parametrize("bilevel", [True, False], ids=["bilevel", "one_level"])
def test_steps_are_those_of_a_loop_by_hand(fresh, task, bilevel, clips):
    backbone = fresh()
    given = {"clip": None, "gate": SOFT} | clips
    module, data = make(backbone, task, None if bilevel else OneLevel(), **given)
    theta, alpha = by_hand(module, data, 4, bilevel, **clips)
    again, data = make(backbone, task, None if bilevel else OneLevel(), **given)
    trainer(max_steps=4, val_check_interval=4).fit(again, datamodule=data)
    torch.testing.assert_close(again.theta, theta, rtol=0, atol=1e-4)
    torch.testing.assert_close(again.alpha, alpha, rtol=0, atol=5e-3)
    assert (theta - module.theta).abs().max() > 5e-3
    assert alpha.abs().max() > 0.1


def test_clipping_changes_the_step(fresh, task):
    """With plain SGD the length of a step tells that of the gradient."""
    sgd = partial(torch.optim.SGD, lr=1.0)
    given = {"optimizer": sgd, "alpha_optimizer": sgd, "schedule": Schedule(), "alpha_schedule": Schedule()}
    module, data = make(fresh(), task, clip=1e-3, alpha_clip=1e-4, **given)
    start = module.theta.detach().clone()
    trainer(max_steps=1, val_check_interval=1).fit(module, datamodule=data)
    assert float((module.theta.detach() - start).norm()) == pytest.approx(1e-3, rel=1e-2)
    assert float(module.alpha.detach().norm()) == pytest.approx(1e-4, rel=1e-2)


class Alphas(Callback):
    """alpha at the start and after every step."""

    def __init__(self):
        self.seen = []

    def on_train_start(self, trainer, module):
        self.seen.append(module.alpha.detach().clone())

    def on_train_batch_end(self, trainer, module, *others):
        self.seen.append(module.alpha.detach().clone())


def test_alpha_waits_for_the_warm_up_and_moves_every_other_step(fresh, task):
    module, data = make(fresh(), task, FirstOrder(), every=2, warmup=3)
    watch = Alphas()
    quiet = trainer(max_steps=7, val_check_interval=7, callbacks=[watch])
    quiet.fit(module, datamodule=data)
    seen = [bool((after != before).any()) for before, after in pairwise(watch.seen)]
    assert seen == [False, False, False, True, False, True, False]
    assert quiet.global_step == module.steps == 7


def test_scores_are_those_of_the_units_alone_and_of_the_soft_gates(fresh, task):
    backbone = fresh()
    module, data = make(backbone, task)
    trainer(max_steps=4, val_check_interval=2).fit(module, datamodule=data)
    logits = module.inclusion.log_odds(module.alpha, 4)
    units = module.candidates.delta.units
    delta = Delta("alone", backbone, [units[i] for i in module.trajectory.chosen[-1]])
    own = module.candidates.delta.layout.unflatten(module.theta.detach())
    alone = Segment(delta, torch.cat([own[spec.name].flatten() for spec in delta.layout.specs]))
    soft = Segment(module.candidates.delta, module.theta.detach(), logits.sigmoid())
    module.eval()
    for segment, scores in ((alone, module.trajectory.discrete), (soft, module.trajectory.soft)):
        answers = {}
        for batch in data.val_dataloader():
            answers |= module.answerer.by_row(module.stack, batch, [segment])[0]
        assert task.score("dev", answers).value == scores[-1]
    assert module.trajectory.p[-1] == logits.sigmoid().tolist()
    assert module.trajectory.steps == [2, 4]
    assert not module.unvalidated


def test_mistakes(fresh, task):
    backbone = fresh()
    everything = float(SPACE.bind(backbone).costs.sum())
    for given, message in (
        ({"budget": everything}, r"search\.budget=\d+: does not bind, all units together cost \d+"),
        ({"budget": 1.0}, r"search\.budget=1: no unit fits"),
        ({"budget": 0.0}, r"search\.budget=0\.0"),
        ({"select": "hard"}, r"search\.select: unknown score 'hard'"),
        ({"accumulate": 0}, r"search\.accumulate=0: a whole number, at least 1"),
        ({"every": 0}, r"search\.every=0: a whole number, at least 1"),
        ({"warmup": -1}, r"search\.warmup=-1: a whole number, at least 0"),
        ({"clip": 0.0}, r"search\.clip=0\.0: a norm above 0"),
        ({"alpha_clip": -1.0}, r"search\.alpha_clip=-1\.0: a norm above 0"),
        ({"strategy": L0()}, r"gate\.low=0\.0: an L0 penalty needs gates"),
    ):
        with pytest.raises(UserError, match=rf"^{message}"):
            make(backbone, task, **given)


def test_an_optimiser_whose_step_is_not_known_is_refused_but_for_one_level(fresh, task):
    backbone = fresh()
    module, data = make(backbone, task, optimizer=partial(FlatAdafactor, lr=1e-2))
    with pytest.raises(UserError, match="optimizer=FlatAdafactor: the upper level looks one step of theta ahead"):
        trainer(max_steps=1).fit(module, datamodule=data)
    module, data = make(backbone, task, OneLevel(), optimizer=partial(FlatAdafactor, lr=1e-2))
    trainer(max_steps=1, val_check_interval=1).fit(module, datamodule=data)
    assert module.chosen


def test_what_is_no_longer_finite_ends_in_one_line(fresh, task):
    module, data = make(fresh(), task, optimizer=partial(torch.optim.SGD, lr=float("inf")))
    with pytest.raises(UserError, match=r"search: loss nan at step 0 on train rows \[\[.*\]\]; lower search\.lr$"):
        trainer(max_steps=2, val_check_interval=2).fit(module, datamodule=data)
