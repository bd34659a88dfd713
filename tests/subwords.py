"""Subword tokenizers small enough to train on the spot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers

__all__ = ["subwords"]


def subwords(
    texts: Iterable[str], size: int, extra: Sequence[str] = (), alphabet: Sequence[str] = (), closes: bool = True
) -> Tokenizer:
    """A Unigram tokenizer of at most `size` pieces: `<pad>` 0, `</s>` 1, `<unk>`, then `extra`; `</s>` closes texts."""
    made = Tokenizer(models.Unigram())
    made.pre_tokenizer, made.decoder = pre_tokenizers.Metaspace(), decoders.Metaspace()
    trainer = trainers.UnigramTrainer(
        vocab_size=size,
        special_tokens=["<pad>", "</s>", "<unk>", *extra],
        unk_token="<unk>",
        initial_alphabet=list(alphabet),
        show_progress=False,
    )
    made.train_from_iterator(texts, trainer)
    if closes:
        made.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    return made
