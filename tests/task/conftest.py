"""A tokenizer small enough to train on the spot, and the folder of real tasks."""

from __future__ import annotations

from pathlib import Path

import pytest
from transformers import PreTrainedTokenizerFast

from ..subwords import subwords

SENTENCES = (
    "the old man walked slowly down to the river and sat on a stone",
    "positive negative acceptable unacceptable entailment contradiction neutral",
    "she said that the film was not good , but the music was wonderful",
    "a b c d e f g h i j k l m n o p q r s t u v w x y z 0 1 2 3 4 5 6 7 8 9 . , ? ! ' [ ] : - _",
)


@pytest.fixture(scope="session")
def tokenizer() -> PreTrainedTokenizerFast:
    """A fast subword tokenizer like T5's: `<pad>` 0, `</s>` 1 closing every text, one sentinel."""
    return PreTrainedTokenizerFast(
        tokenizer_object=subwords(SENTENCES * 4, 200, ["<extra_id_0>"]),
        pad_token="<pad>",
        eos_token="</s>",
        unk_token="<unk>",
        additional_special_tokens=["<extra_id_0>"],
    )


@pytest.fixture(scope="session")
def real_tasks() -> Path:
    """The folder of real tasks beside the checkout; tests that need it are skipped without it."""
    folder = Path(__file__).parents[3] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real tasks are not beside this checkout")
    return folder
