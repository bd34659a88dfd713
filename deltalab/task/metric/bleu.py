"""Overlap of generated text with its references by n-grams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, final

from torchmetrics.functional.text import bleu_score

from deltalab.task.metric.metric import Kind, Metric

__all__ = ["Bleu"]


@final
@dataclass(frozen=True)
class Bleu(Metric):
    """Corpus BLEU-4 without smoothing: brevity penalty times the geometric mean of clipped n-gram precisions, n <= 4.

    Tokens are what whitespace separates, as they are written; 0 where no n-gram of some length is right. Where groups
    are named `PART/...`, the details hold the BLEU of each part: `BLEU seen` and `BLEU unseen` of WebNLG.
    """

    name: ClassVar[str] = "BLEU"
    kind: ClassVar[Kind] = "text"

    def _measure(
        self,
        predictions: Sequence[str],
        references: Sequence[Sequence[str]],
        labels: Sequence[str] | None,
        groups: Sequence[str | None] | None,
    ) -> tuple[float, int, dict[str, float]]:
        empty = sum(not prediction.strip() for prediction in predictions)
        parts: dict[str, list[int]] = {}
        for row, group in enumerate(groups or ()):
            if group is not None and "/" in group:
                parts.setdefault(group.partition("/")[0], []).append(row)
        of = {f"BLEU {part}": _bleu(predictions, references, rows) for part, rows in sorted(parts.items())}
        return _bleu(predictions, references, range(len(predictions))), empty, of


def _bleu(predictions: Sequence[str], references: Sequence[Sequence[str]], rows: Sequence[int]) -> float:
    return float(bleu_score([predictions[row] for row in rows], [list(references[row]) for row in rows]))
