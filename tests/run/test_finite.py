"""A loss that is no number stops a stage whole, with the step and the rows."""

from __future__ import annotations

import re
from unittest.mock import patch

import pytest

from deltalab.search.slopes import Slope, Slopes
from deltalab.subspace.approximate import SubspaceApproximation

from .searching import SEARCH
from .stages import LEARN, TINY
from .support import program


def test_a_subspace(model, tmp_path):
    batches, losses = [], SubspaceApproximation.task_losses

    def spoilt(module, batch, codes):
        batches.append(batch.rows.tolist())
        return losses(module, batch, codes) * (float("nan") if module.trainer.global_step == 2 else 1.0)

    with patch.object(SubspaceApproximation, "task_losses", spoilt):
        done = program(*TINY, *LEARN, folder=tmp_path, model=model)
    assert (done.code, len(batches)) == (2, 3)
    told = f"error: loss nan at step 2 on train rows {{'movie_sentiment': {batches[-1]}}}: lower optimizer.lr\n"
    assert done.err == told


@pytest.mark.parametrize("words", [(), ("hypergradient=one_level",)])
def test_a_search(words, model, tmp_path):
    of = "of_both" if words else "of_theta"
    slope = getattr(Slopes, of)

    def spoilt(slopes, batch, theta, alpha, step):
        found: Slope = slope(slopes, batch, theta, alpha, step)
        return found._replace(loss=found.loss / 0 * 0) if step == 3 else found

    with patch.object(Slopes, of, spoilt):
        done = program(*SEARCH, *words, folder=tmp_path, model=model, name="search")
    assert done.code == 2
    assert re.fullmatch(
        r"error: search: loss nan at step 3 on train rows \[\[\d+(, \d+)*\].*\]; lower search.lr\n", done.err
    )
    assert not (tmp_path / "structure.yaml").exists()
