"""What each step of pre-training asks: spans to fill, an exercise, or a prefix to continue."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from deltalab.backbone.tiny.exercises import Exercises
from deltalab.backbone.tiny.settings import Settings
from deltalab.backbone.tiny.spans import Pair, corrupt, prefix
from deltalab.backbone.tiny.stream import RowStream
from deltalab.backbone.tiny.vocabulary import EOS

__all__ = ["Objective"]

SHORTER = 3  # an exercise is about a third as long as a row of running text


class Objective:
    """The question of every step, a pure function of the seed and the step."""

    def __init__(
        self, settings: Settings, stream: RowStream, exercises: Exercises | None, sentinels: Sequence[int]
    ) -> None:
        self._settings, self._stream, self._exercises, self._sentinels = settings, stream, exercises, sentinels

    def pair(self, step: int) -> Pair:
        """The batch of a step. In the last part half of the steps continue prefixes; the others go on as before."""
        settings, rng = self._settings, np.random.default_rng([self._settings.seed, 1, step])
        late, kind = step >= settings.first_prefix_step(), rng.random(2)
        continues = late and kind[0] < 0.5
        if not continues and self._exercises is not None and kind[1] < settings.task_share:
            return self._exercises.take(SHORTER * settings.rows, rng)
        rows = self._stream.take(step * settings.rows, settings.rows)
        return prefix(rows, EOS, rng) if continues else corrupt(rows, self._sentinels, EOS, rng)
