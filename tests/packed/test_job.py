"""What a dev score does to the progress of a job."""

from __future__ import annotations

import math
from types import SimpleNamespace

from deltalab.packed.job import Progress
from deltalab.task.metric.score import Score


def judged(*values: float, patience: int | None = None) -> tuple[Progress, list[bool]]:
    """The progress after these scores at steps 10, 20, ..., and which of them were the best so far."""
    progress = Progress()
    scores = [Score(v) if math.isfinite(v) else SimpleNamespace(value=v) for v in values]
    return progress, [progress.judge(score, 10 * i, patience) for i, score in enumerate(scores, start=1)]


def test_the_first_score_is_the_best_however_low():
    progress, best = judged(-0.7)
    assert best == [True]
    assert (progress.best, progress.best_step) == (-0.7, 10)


def test_ties_keep_the_earlier_step():
    progress, best = judged(0.5, 0.5, 0.6, 0.6)
    assert best == [True, False, True, False]
    assert (progress.best_step, progress.waited) == (30, 1)


def test_nan_is_worst():
    progress, best = judged(math.nan, -1.0, math.nan)
    assert best == [False, True, False]
    assert (progress.best, progress.best_step, progress.last_step) == (-1.0, 20, 30)


def test_patience_counts_validations_without_a_better_score():
    assert judged(0.5, 0.4, patience=2)[0].ended is None
    assert judged(0.5, 0.4, 0.5, patience=2)[0].ended == "stopped"
    assert judged(0.5, 0.4, 0.6, 0.4, patience=2)[0].ended is None
    assert judged(0.5, *[0.4] * 100)[0].ended is None


def test_the_state_is_plain_and_complete():
    progress, _ = judged(0.5, 0.4)
    progress.ended = "stopped"
    progress.dev = Score(0.5, {"rows": 4.0})
    state = progress.state()
    assert all(isinstance(value, float | int | str | list) for value in state.values())
    assert Progress.restored(state) == progress
    assert Progress.restored(Progress().state()) == Progress()
