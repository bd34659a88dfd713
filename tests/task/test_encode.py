"""Token ids against the tokenizer called row by row."""

import logging

import pytest
import torch
from transformers import PreTrainedTokenizerFast

from deltalab.backbone.batch import IGNORED
from deltalab.errors import UserError
from deltalab.task.encode import Encoder
from deltalab.task.example import Example
from deltalab.task.template import Template

ROWS = (
    Example("the old man sat on a stone", ("positive",)),
    Example("the music was wonderful , but the film was not good", ("negative", "not good", "neutral")),
    Example("the river", ("positive", "good")),
)
PUBLISHED = Template(" [{task}] {input}", "<extra_id_0>{output}")


def encoder(tokenizer: PreTrainedTokenizerFast, template: Template = PUBLISHED, longest: int = 99, target: int = 99):
    return Encoder(tokenizer, template, "toy", longest, target)


def naive(tokenizer: PreTrainedTokenizerFast, text: str, length: int) -> list[int]:
    ids = tokenizer.encode(text, add_special_tokens=False)
    return [*ids[: length - 1], tokenizer.eos_token_id]


@pytest.mark.parametrize(("longest", "target"), [(99, 99), (8, 3), (2, 2)])
def test_a_batch_equals_naive_padding(tokenizer, longest: int, target: int):
    encoded = encoder(tokenizer, longest=longest, target=target).split(ROWS, "train")
    pairs = [(1, 2), (0, 0), (2, 1), (1, 0)]
    batch = encoded[pairs]
    inputs = [naive(tokenizer, f" [toy] {ROWS[row].input}", longest) for row, _ in pairs]
    labels = [naive(tokenizer, f"<extra_id_0>{ROWS[row].outputs[answer]}", target) for row, answer in pairs]
    wide, tall = max(map(len, inputs)), max(map(len, labels))
    assert batch.input_ids.tolist() == [ids + [tokenizer.pad_token_id] * (wide - len(ids)) for ids in inputs]
    assert batch.attention_mask.tolist() == [[1] * len(ids) + [0] * (wide - len(ids)) for ids in inputs]
    assert batch.labels.tolist() == [ids + [IGNORED] * (tall - len(ids)) for ids in labels]
    assert batch.rows.tolist() == [1, 0, 2, 1]
    assert encoded.answer_counts.tolist() == [1, 3, 2]


def test_cut_rows_are_reported_once_and_without_warning(tokenizer, caplog, recwarn, monkeypatch):
    monkeypatch.setattr(tokenizer, "model_max_length", 4)  # transformers would warn about longer rows
    with caplog.at_level(logging.INFO):
        encoder(tokenizer, longest=10, target=99).split(ROWS, "dev")
    long = sum(len(tokenizer.encode(f" [toy] {row.input}", verbose=False)) > 10 for row in ROWS)
    assert [record.getMessage() for record in caplog.records] == [f"toy/dev: {long} of 3 inputs cut to 10 tokens"]
    assert not recwarn.list


def test_an_answer_is_closed_even_if_the_tokenizer_does_not(tokenizer):
    class Open:
        pad_token_id, eos_token_id, sep_token_id = None, 1, None

        def __call__(self, texts: list[str], **_: object) -> dict[str, list[list[int]]]:
            return {"input_ids": [[7] * len(text) for text in texts]}

    opened = encoder(Open(), Template(), longest=4, target=4)  # type: ignore[arg-type]
    batch = opened.split((Example("abc", ("xy",)), Example("abcdef", ("wxyz",))), "train")[[(0, 0), (1, 0)]]
    assert batch.input_ids.tolist() == [[7, 7, 7, 1], [7, 7, 7, 7]]  # padded with the closing token, masked
    assert batch.attention_mask.tolist() == [[1, 1, 1, 0], [1, 1, 1, 1]]
    assert batch.labels.tolist() == [[7, 7, 1, IGNORED], [7, 7, 7, 1]]


def test_label_ids(tokenizer):
    labels = ["negative", "not good", "positive"]
    ids = encoder(tokenizer).labels(labels)
    rows = [naive(tokenizer, f"<extra_id_0>{label}", 99) for label in labels]
    assert ids.shape == (3, max(map(len, rows)))
    assert [row[row != IGNORED].tolist() for row in ids] == rows
    assert ids.dtype == torch.int64


def test_labels_that_look_the_same_are_refused(tokenizer):
    with pytest.raises(UserError, match=r"labels '.*' and '.*' become the same tokens at max_output_length=2"):
        encoder(tokenizer, target=2).labels(["negative", "positive"])


@pytest.mark.parametrize("lengths", [(1, 9), (9, 0)])
def test_lengths_must_leave_room(tokenizer, lengths: tuple[int, int]):
    with pytest.raises(UserError, match=r"max_(in|out)put_length: '[01]' is not allowed; .*at least 2"):
        encoder(tokenizer, Template(), *lengths)
