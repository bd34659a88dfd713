"""The order of rows is a function of the seed and the step alone."""

from __future__ import annotations

import numpy as np
import pytest

from deltalab.backbone.tiny.stream import RowStream, encode
from deltalab.errors import UserError

TOKENS = np.arange(1000, dtype=np.uint16)


def test_one_epoch_reads_every_row_once():
    stream = RowStream(TOKENS, 10, seed=0)
    starts = stream.take(0, len(stream))[:, 0]
    assert len(stream) == 99
    assert len(set(starts.tolist())) == 99
    assert len({start % 10 for start in starts.tolist()}) == 1


def test_rows_do_not_depend_on_how_they_are_asked_for():
    stream = RowStream(TOKENS, 10, seed=3)
    whole = stream.take(0, 250)
    again = RowStream(TOKENS, 10, seed=3)
    assert np.array_equal(np.concatenate([again.take(200, 50)]), whole[200:])
    assert np.array_equal(again.take(90, 20), whole[90:110])  # across two epochs


def test_epochs_and_seeds_differ():
    stream = RowStream(TOKENS, 10, seed=0)
    assert not np.array_equal(stream.take(0, 99), stream.take(99, 99))
    assert not np.array_equal(stream.take(0, 99), RowStream(TOKENS, 10, seed=1).take(0, 99))


def test_encode_writes_both_spellings_and_ends_paragraphs(tokenizer):
    line = encode([["The boat."]], tokenizer)
    assert tokenizer.decode(line[line != 1]) == "The boat. the boat ."
    assert (line == 1).sum() == 2
    assert len(encode([["The boat."]], tokenizer, spellings=1)) < len(line)


def test_too_little_text_is_an_error():
    with pytest.raises(UserError, match="too few"):
        RowStream(TOKENS[:15], 10, seed=0)
