"""What is lent: the mean of a token's pieces, turned on to its principal axes."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertModel, BertTokenizer

from deltalab.backbone.tiny.source import Source
from deltalab.backbone.tiny.vocabulary import SENTINELS
from deltalab.errors import UserError

PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "river", "boat", "old", "sail", "##ed", "captain", "##s"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("bert")
    (path / "vocab.txt").write_text("\n".join(PIECES) + "\n", encoding="utf-8")
    BertTokenizer.from_pretrained(path).save_pretrained(path)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(PIECES), hidden_size=12, num_hidden_layers=1, num_attention_heads=2, intermediate_size=8
    )
    BertModel(config).save_pretrained(path)
    return path


def test_distances_are_those_of_the_mean_of_the_pieces(folder, tokenizer):
    source = Source(folder)
    lent = source.embeddings(tokenizer, 12, seed=0)
    assert lent.shape == (len(tokenizer), 12)
    ids = {word: tokenizer(word, add_special_tokens=False)["input_ids"][0] for word in ("river", "boat", "captain")}
    place = {piece: i for i, piece in enumerate(PIECES)}
    apart = [
        (lent[ids[one]] - lent[ids[other]]).norm() / (source.weights[place[one]] - source.weights[place[other]]).norm()
        for one, other in (("river", "boat"), ("boat", "captain"), ("river", "captain"))
    ]
    assert np.allclose(apart, apart[0], rtol=1e-4)  # an axis change and one scale keep the ratios


def test_a_word_in_pieces_is_their_mean(folder, tokenizer):
    source = Source(folder)
    sailed = tokenizer("sailed", add_special_tokens=False)["input_ids"]
    assert len(sailed) == 1
    assert source._pieces(tokenizer, sailed[0]) == [PIECES.index("sail"), PIECES.index("##ed")]


def test_size_and_seed(folder, tokenizer):
    source = Source(folder)
    lent, again = (source.embeddings(tokenizer, 4, seed=seed) for seed in (0, 1))
    moved = (lent != again).any(1)
    assert moved[-SENTINELS:].all()  # drawn
    assert not moved.all()  # lent
    assert torch.isclose(lent[~moved].pow(2).mean().sqrt(), torch.tensor(1.0), atol=1e-4)


def test_words_come_by_rank(folder):
    listed = list(Source(folder).word_list(most=60))
    assert [text.split()[0] for text in listed] == ["the", "river", "boat", "old", "sail", "captain"]
    assert [len(text.split()) for text in listed] == [6, 5, 5, 4, 4, 4]


def test_a_folder_without_a_model(tmp_path):
    with pytest.raises(UserError, match=r"--embeddings: no config\.json"):
        Source(tmp_path)
