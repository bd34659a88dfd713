"""Any text comes back from its tokens, nothing is unknown, and the special tokens are where T5 has them."""

from __future__ import annotations

import pytest
from transformers import AutoTokenizer

from deltalab.backbone.tiny.vocabulary import SENTINELS, sentinel_ids

TEXTS = [
    "The boat was old.",
    "",
    " ",
    "  two  spaces, kept  ",
    "tab\there\nand a new line\r\n",
    "naïve café — “quoted” … ½",
    "漢字 и кириллица, עברית, हिन्दी",
    "👩‍👩‍👧 🙂\u200b\ufeff\x00\x7f",
    "1234567890 3.14159 10^6",
    "e\u0301 is not \u00e9",
    "it's a gorgeous , witty , seductive movie .",
    "</s",
    "ĠĊ",
]


@pytest.fixture(scope="session", params=["learnt", "embedded"])
def any_tokenizer(request, tokenizer):
    if request.param == "learnt":
        return tokenizer
    return AutoTokenizer.from_pretrained(request.getfixturevalue("embedded"))


@pytest.mark.parametrize("text", TEXTS)
def test_text_comes_back(any_tokenizer, text):
    ids = any_tokenizer(text)["input_ids"]
    assert ids[-1] == any_tokenizer.eos_token_id
    assert any_tokenizer.unk_token_id not in ids
    assert any_tokenizer.decode(ids, skip_special_tokens=True) == text


def test_special_tokens(any_tokenizer):
    assert (any_tokenizer.pad_token_id, any_tokenizer.eos_token_id, any_tokenizer.unk_token_id) == (0, 1, 2)
    ids = sentinel_ids(any_tokenizer)
    assert ids == list(range(len(any_tokenizer) - SENTINELS, len(any_tokenizer)))
    for i in (0, 7, 99):
        assert any_tokenizer(f"<extra_id_{i}>")["input_ids"] == [ids[i], 1]


def test_sentinels_do_not_touch_their_neighbours(any_tokenizer):
    ids = any_tokenizer("the <extra_id_0> boat<extra_id_1>")["input_ids"]
    marks = sentinel_ids(any_tokenizer)
    parts = [any_tokenizer(word, add_special_tokens=False)["input_ids"] for word in ("the", "boat")]
    assert ids == [*parts[0], marks[0], *parts[1], marks[1], 1]
    assert "extra_id" not in any_tokenizer.decode(ids, skip_special_tokens=True)


def test_a_word_is_one_token_wherever_it_stands(any_tokenizer):
    first = any_tokenizer("the river", add_special_tokens=False)["input_ids"]
    assert any_tokenizer("river", add_special_tokens=False)["input_ids"] == first[1:]


def test_saved_and_loaded_tokenizers_agree(tokenizer, tmp_path):
    tokenizer.save_pretrained(tmp_path)
    loaded = AutoTokenizer.from_pretrained(tmp_path)
    assert all(loaded(text)["input_ids"] == tokenizer(text)["input_ids"] for text in TEXTS)
    batch = loaded(["the boat", "a"], padding=True)
    assert batch["input_ids"][1][-1] == 0
    assert batch["attention_mask"][1][-1] == 0


def test_the_embedded_tokenizer_is_economical(embedded):
    tokenizer = AutoTokenizer.from_pretrained(embedded)
    assert len(tokenizer) == 16384
    text = "The committee decided that the new library would open in the spring, although the money was not yet found."
    assert len(tokenizer(text)["input_ids"]) < 30
