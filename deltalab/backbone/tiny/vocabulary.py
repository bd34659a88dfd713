"""A byte-level BPE vocabulary that writes any text, with T5's special tokens."""

from __future__ import annotations

from collections.abc import Iterable

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

__all__ = ["EOS", "PAD", "SENTINELS", "learn_vocabulary", "sentinel_ids"]

PAD, EOS, UNKNOWN = 0, 1, 2
SENTINELS = 100
_SPECIAL = ["<pad>", "</s>", "<unk>"]


def learn_vocabulary(texts: Iterable[str], size: int = 16384) -> PreTrainedTokenizerFast:
    """Learn `size` tokens: three special ones, 256 bytes, merges, and the sentinels `<extra_id_0..99>` at the end."""
    tokenizer = _untrained()
    trainer = trainers.BpeTrainer(
        vocab_size=size - SENTINELS,
        special_tokens=_SPECIAL,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        min_frequency=2,
        max_token_length=24,
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A </s>", pair="$A </s> $B </s>", special_tokens=[("</s>", EOS)]
    )
    return _wrapped(tokenizer)


def sentinel_ids(tokenizer: PreTrainedTokenizerFast) -> list[int]:
    """The ids of `<extra_id_0>`, `<extra_id_1>`, ..."""
    ids = tokenizer.convert_tokens_to_ids(_sentinels())
    assert isinstance(ids, list)
    return ids


def _untrained() -> Tokenizer:
    # One space is put before every text and taken away again when decoding: a word is the same token at the start of
    # a text as inside it, and texts that do begin with spaces still come back exactly.
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.normalizer = normalizers.Prepend(" ")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"\p{N}"), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True),
        ]
    )
    tokenizer.decoder = decoders.Sequence([decoders.ByteLevel(), decoders.Strip(" ", 1, 0)])
    return tokenizer


def _wrapped(tokenizer: Tokenizer) -> PreTrainedTokenizerFast:
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="<pad>",
        eos_token="</s>",
        unk_token="<unk>",
        additional_special_tokens=[AddedToken(name, lstrip=True, rstrip=True, special=True) for name in _sentinels()],
        clean_up_tokenization_spaces=False,
        model_max_length=512,
    )


def _sentinels() -> list[str]:
    return [f"<extra_id_{i}>" for i in range(SENTINELS)]
