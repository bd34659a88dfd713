"""Folders of small random models of every family, with a tokenizer of words that fits its architecture."""

from __future__ import annotations

from pathlib import Path

from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import PreTrainedTokenizerFast

from deltalab.task.builtin import make

from .models import stock

MASKED = ("bert", "roberta")
READERS = ("t5", "bart")


def save(model_type: str, folder: Path, sharded: bool = False) -> Path:
    """Write a model of 40 tokens and a tokenizer of the commonest words of a built-in task."""
    stock(model_type).save_pretrained(folder, **({"max_shard_size": "8KB"} if sharded else {}))
    _tokenizer(model_type).save_pretrained(folder)
    return folder


def _tokenizer(model_type: str) -> PreTrainedTokenizerFast:
    rows = make("movie_sentiment", {"train": 200, "dev": 1, "test": 1}).train
    words = ["<pad>", "</s>", "<mask>", "<unk>", *sorted({row.outputs[0] for row in rows})]
    words += [word for word in dict.fromkeys(" ".join(row.input for row in rows).split()) if word not in words]
    made = Tokenizer(models.WordLevel({word: i for i, word in enumerate(words[:40])}, unk_token="<unk>"))
    made.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    if model_type in (*READERS, *MASKED):  # a decoder reads a text as it is
        made.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    own = {"sep_token": "</s>", "mask_token": "<mask>"} if model_type in MASKED else {}
    end = {} if model_type == "bert" else {"eos_token": "</s>"}
    return PreTrainedTokenizerFast(tokenizer_object=made, pad_token="<pad>", unk_token="<unk>", **own, **end)
