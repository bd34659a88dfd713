"""A solution that answers texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple, final

import torch

from deltalab.backbone.batch import Batch
from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack
from deltalab.errors import UserError
from deltalab.interop.opened import Opened
from deltalab.step import Answerer, label_scores
from deltalab.task.encode import Encoder
from deltalab.task.example import Example
from deltalab.task.template import Template

__all__ = ["Prediction", "Predictor"]


class Prediction(NamedTuple):
    """An answer to an input, and log p(label | input) of each label where there is a label set."""

    input: str
    answer: str
    scores: Mapping[str, float] | None


@final
class Predictor:
    """Answers with the template, the lengths and the label set that the solution was trained with.

    `labels` replaces the label set; an empty one asks for generated text. Raises `UserError` where the card tells no
    template that can be used, or two labels look the same.
    """

    def __init__(self, opened: Opened, labels: Sequence[str] | None = None) -> None:
        card = opened.solution.card
        task, data = card.get("task", {}), card.get("config", {}).get("data", {})
        name, outputs = task.get("name", ""), data.get("max_output_length", 32)
        lengths, wording = (data.get("max_input_length", 128), outputs), opened.backbone.family.architecture.wording
        template = _template(data.get("template", {}))
        self._encoder = Encoder(opened.backbone.tokenizer, template, name, *lengths, wording)
        self.labels = tuple(labels if labels is not None else task.get("labels") or ())
        self._ids = self._encoder.labels(self.labels) if self.labels else None
        self._answerer = Answerer(self._encoder.decode, max_new_tokens=self._encoder.longest_answer)
        self._stack = Stack(opened.backbone)
        self._segments = [Segment(opened.delta, opened.solution.theta.to(opened.backbone.device))]

    def __call__(self, texts: Iterable[str], batch_size: int = 32) -> Iterator[Prediction]:
        """The predictions of texts in order, `batch_size` at a time."""
        waiting = iter(texts)
        while chunk := list(islice(waiting, batch_size)):
            yield from self._some(chunk)

    @torch.no_grad()
    def _some(self, texts: Sequence[str]) -> list[Prediction]:
        batch = self._batch(texts)
        if self._ids is None:
            answers = self._answerer(self._stack, batch, self._segments)
            return [Prediction(text, answer, None) for text, answer in zip(texts, answers, strict=True)]
        scores = label_scores(self._stack, batch, self._segments, self._ids.to(batch.input_ids.device)).tolist()
        each = [dict(zip(self.labels, row, strict=True)) for row in scores]
        return [Prediction(text, max(row, key=row.__getitem__), row) for text, row in zip(texts, each, strict=True)]

    def _batch(self, texts: Sequence[str]) -> Batch:
        split = self._encoder.split([Example(text, ("",)) for text in texts], "input")
        return split[[(row, 0) for row in range(len(texts))]].to(self._stack.backbone.device)


def _template(settings: Mapping[str, Any]) -> Template:
    """The template of a run's config."""
    try:
        return Template(**{key: value for key, value in settings.items() if key != "_target_"})
    except TypeError as error:
        raise UserError(f"template {settings.get('_target_')}: predict cannot use it ({error})") from error
