"""optimizer.lr=null: the usual rate of each delta where there is one, one line where a stage needs a number."""

from __future__ import annotations

import pytest

from deltalab.delta.lora import Lora
from deltalab.delta.prefix import Prefix

from .stages import LEARN, MOVE, ROWS, TINY
from .support import program

NULL = [
    ((*LEARN, "optimizer.lr=null"), "error: optimizer.lr="),
    ((*LEARN, "recipe.lr=null", "optimizer.lr=${recipe.lr}"), "error: optimizer.lr="),
    ((*MOVE, "subspace=random", "optimizer.lr=null"), "error: optimizer.lr="),
    ((*MOVE, "subspace=random", "recipe.lr=null"), "error: optimizer.lr="),
]


def test_every_delta_is_tuned_at_its_own_rate(model, tmp_path):
    given = (f"task.sizes={ROWS}", "optimizer.lr=null", "pack.delta=[lora,prefix]", "trainer.max_steps=1")
    done = program(*TINY[:3], *given, folder=tmp_path / "run", model=model)
    assert (done.code, done.err) == (0, "")
    assert {job["delta"]: job["lr"] for job in done.record["jobs"]} == {"lora": Lora().lr, "prefix": Prefix().lr}
    assert Lora().lr != Prefix().lr


@pytest.mark.parametrize(("given", "told"), NULL, ids=[" ".join((given[0], given[-1])) for given, _ in NULL])
def test_a_stage_that_needs_a_rate_says_so(given, told, model, tmp_path):
    done = program(*TINY, *given, folder=tmp_path / "run", model=model)
    assert (done.code, done.err.count("\n")) == (2, 1), done.err
    assert done.err.startswith(told)
    assert not (tmp_path / "run").exists()
