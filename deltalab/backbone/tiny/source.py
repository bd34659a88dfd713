"""What a trained encoder of another vocabulary lends at the start: its words, and where they stand to each other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import torch
from torch import Tensor
from transformers import AutoModel, AutoTokenizer, PreTrainedTokenizerFast

from deltalab.backbone.tiny.vocabulary import SENTINELS
from deltalab.errors import UserError

__all__ = ["Source"]


class Source:
    """Tokenizer and word embeddings of a model in a folder, such as a BERT."""

    def __init__(self, folder: Path) -> None:
        if not (folder / "config.json").exists():
            raise UserError(f"--embeddings: no config.json in {folder}")
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        weights = AutoModel.from_pretrained(folder, dtype=torch.float32).get_input_embeddings().weight
        self.weights: Tensor = weights.detach()

    def word_list(self, most: int = 300_000) -> Iterator[str]:
        """Every whole word of the vocabulary, repeated by its rank after Zipf: `most / (rank + 10)` times."""
        ranked = sorted(self.tokenizer.get_vocab().items(), key=lambda pair: pair[1])
        words = [word for word, _ in ranked if word.isalpha() and word.isascii() and len(word) > 1]
        for rank, word in enumerate(words):
            yield " ".join([word] * max(1, most // (rank + 10)))

    def embeddings(self, tokenizer: PreTrainedTokenizerFast, width: int, seed: int) -> Tensor:
        """A vector for every token of another tokenizer: (tokens, width), each coordinate about 1 in size.

        The mean of the pieces that spell the token, less the mean over all tokens, on the `width` principal axes,
        divided by its root mean square. Tokens that spell nothing, and the sentinels, are normal draws.
        """
        chance = torch.Generator().manual_seed(seed)
        size = len(tokenizer)
        lent = torch.zeros(size, self.weights.shape[1])
        spelled = torch.zeros(size, dtype=torch.bool)
        for index in range(size - SENTINELS):
            pieces = self._pieces(tokenizer, index)
            if pieces:
                lent[index], spelled[index] = self.weights[pieces].mean(0), True
        centred = lent[spelled] - lent[spelled].mean(0)
        axes = torch.linalg.svd(centred, full_matrices=False)[2][:width]
        result = torch.randn(size, width, generator=chance)
        reduced = centred @ axes.T
        result[spelled] = reduced / reduced.pow(2).mean().sqrt()
        return result

    def _pieces(self, tokenizer: PreTrainedTokenizerFast, index: int) -> list[int]:
        text = str(tokenizer.decode([index], skip_special_tokens=True)).strip()
        unknown = self.tokenizer.unk_token_id
        return [piece for piece in self.tokenizer(text, add_special_tokens=False)["input_ids"] if piece != unknown]
