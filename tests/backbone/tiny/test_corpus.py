"""Reading text, its plain spelling, and what is held out."""

from __future__ import annotations

import gzip

import pytest

from deltalab.backbone.tiny.corpus import plain, read_blocks, split
from deltalab.errors import UserError


def test_blocks_keep_documents_apart_and_every_paragraph(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("one\ntwo\nthree\n\nfour\n\n\nfive\n", encoding="utf-8")
    assert read_blocks([path], size=2) == [["one", "two"], ["three"], ["four"], ["five"]]


def test_gzip_reads_the_same(tmp_path):
    text = "Ein schöner Tag.\n\nZwei.\n"
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    with gzip.open(tmp_path / "a.txt.gz", "wt", encoding="utf-8") as file:
        file.write(text)
    assert read_blocks([tmp_path / "a.txt"]) == read_blocks([tmp_path / "a.txt.gz"])


@pytest.mark.parametrize("name", ["missing.txt", "empty.txt", "broken.txt.gz", "latin.txt"])
def test_a_bad_file_is_one_clear_line(tmp_path, name):
    (tmp_path / "empty.txt").write_text("\n\n", encoding="utf-8")
    (tmp_path / "broken.txt.gz").write_bytes(b"not gzip")
    (tmp_path / "latin.txt").write_bytes("schön".encode("latin-1"))
    with pytest.raises(UserError, match=name) as caught:
        read_blocks([tmp_path / name])
    assert "\n" not in str(caught.value)


def test_split_shares_nothing_and_loses_nothing():
    blocks = [[str(i)] for i in range(250)]
    train, held_out = split(blocks, every=100)
    assert len(held_out) == 2
    assert sorted(map(str, train + held_out)) == sorted(map(str, blocks))
    assert all(block not in train for block in held_out)


def test_plain_spelling():
    assert plain("\u201cDon\u2019t go, Mary!\u201d he said...") == '" do n\'t go , mary ! " he said ...'
    assert plain("It's 3 o'clock") == "it 's 3 o'clock"
    assert plain(plain("Well, it's done -- isn't it?")) == plain("Well, it's done -- isn't it?")
