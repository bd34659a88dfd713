"""Models that fill masks in, such as BERT and RoBERTa: the answer stands in masks behind the input."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, final

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import AutoModelForMaskedLM, PreTrainedModel

from deltalab.backbone.architecture.architecture import Architecture, Wording
from deltalab.backbone.batch import IGNORED, Batch

if TYPE_CHECKING:
    from deltalab.backbone.backbone import Backbone

__all__ = ["EncoderOnly"]

_MASKED = Wording(lead=" ", special=False, longest=8, among_labels=True)


@final
class _Tied(nn.Module):
    """Scores of all tokens from a state: its products with their embeddings, by a map at this path below the model."""

    def __init__(self, embeddings: nn.Module, path: str) -> None:
        super().__init__()
        weight = embeddings.weight
        assert isinstance(weight, nn.Parameter)
        products = nn.Linear(weight.shape[1], weight.shape[0], bias=False, device="meta")
        products.weight = weight
        self._inside = path.partition(".")[2]
        first, *further = self._inside.split(".")
        inner: nn.Module = products
        for name in reversed(further):
            inner = nn.ModuleDict({name: inner})
        self.add_module(first, inner)

    def forward(self, states: Tensor) -> Tensor:
        scores: Tensor = self.get_submodule(self._inside)(states)
        return scores


@final
@dataclass(frozen=True)
class EncoderOnly(Architecture):
    """`wording.longest` masks follow every input, and each token of the answer is read off its own mask.

    log p(answer) = sum over t of log p(token t | input, masks): given the input, tokens do not see each other.
    `decoder` is the path of the last map from states to logits, its first word that of the whole head. A checkpoint
    without one, such as MiniLM's, takes products with its own embeddings, and adds to each mask's state the mean over
    the input's: what such models were trained to tell by.
    """

    decoder: str
    auto: Any = AutoModelForMaskedLM
    wording: Wording = _MASKED

    def logits(self, backbone: Backbone, rows: Batch) -> Tensor:
        return self._filled(backbone, rows, rows.labels.shape[1])

    def label_scores(self, backbone: Backbone, rows: Batch, labels: Tensor) -> Tensor:
        chances = self._filled(backbone, rows, labels.shape[2]).float().log_softmax(-1)
        each = chances.gather(2, labels.clamp(min=0).transpose(1, 2)).transpose(1, 2)  # (rows, L, length)
        return each.masked_fill(labels == IGNORED, 0.0).sum(-1)

    def generate(self, backbone: Backbone, rows: Batch, max_new_tokens: int) -> Tensor:
        ids = self._filled(backbone, rows, max_new_tokens).argmax(-1)
        closed = (ids == backbone.closing_id).long()
        return ids.masked_fill(closed.cumsum(1) - closed > 0, backbone.pad_id)

    def without_head(self, model: PreTrainedModel) -> None:
        """Let the embeddings stand in for a head that the checkpoint lacks."""
        setattr(model, self.head, _Tied(model.get_input_embeddings(), self.decoder))

    @property
    def head(self) -> str:
        """The name of the module that turns states into logits."""
        return self.decoder.partition(".")[0]

    def _filled(self, backbone: Backbone, rows: Batch, length: int) -> Tensor:
        """Logits (rows, length, vocabulary) of the first masks behind each row, or of all where there are fewer."""
        count = self.wording.longest
        assert count is not None
        behind = rows.attention_mask.sum(1, keepdim=True) + torch.arange(count, device=rows.input_ids.device)
        ids = F.pad(rows.input_ids, (0, count), value=backbone.pad_id).scatter(1, behind, backbone.mask_id)
        mask = F.pad(rows.attention_mask, (0, count)).scatter(1, behind, 1)
        states = backbone.model.base_model(input_ids=ids, attention_mask=mask, use_cache=False).last_hidden_state
        picked = states.gather(1, behind[:, :length, None].expand(-1, -1, states.shape[-1]))
        head = getattr(backbone.model, self.head)
        if isinstance(head, _Tied):
            picked = picked + _mean(states[:, : rows.attention_mask.shape[1]], rows.attention_mask)
        logits: Tensor = head(picked)
        return logits


def _mean(states: Tensor, mask: Tensor) -> Tensor:
    """The mean state (rows, 1, width) of the tokens of each row."""
    weights = mask.to(states.dtype)[..., None]
    return (states * weights).sum(1, keepdim=True) / weights.sum(1, keepdim=True)
