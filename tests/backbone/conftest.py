"""A folder as `save_pretrained` writes it."""

from __future__ import annotations

import shutil

import pytest
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast


@pytest.fixture(scope="session")
def saved(tmp_path_factory, stock):
    """`saved(kind)`: the folder of a model and of a tokenizer of whole words; leave it as it is."""
    words = {"<pad>": 0, "</s>": 1, "<unk>": 2, **{f"w{i}": i for i in range(3, 40)}}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="<pad>", eos_token="</s>", unk_token="<unk>")
    folders = {}

    def save(kind="v1.1"):
        if kind not in folders:
            folders[kind] = tmp_path_factory.mktemp("backbone") / kind
            stock(kind, dropout=0.1).save_pretrained(folders[kind])
            fast.save_pretrained(folders[kind])
        return folders[kind]

    return save


@pytest.fixture
def folder(saved, tmp_path):
    """A copy of a saved v1.1 folder, to spoil."""
    return shutil.copytree(saved(), tmp_path / "copy")
