"""Inputs are read by the ending of their file."""

from __future__ import annotations

import pytest

from deltalab.errors import UserError
from deltalab.predict.texts import from_file, from_lines


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", "one\ttab\n\ntwo ü\r\n"),
        ("a.tsv", "one\ttab\n\ntwo ü\tx\ty\n"),
        ("a.jsonl", '{"input": "one", "output": "x"}\n{"input": "two ü"}\n'),
    ],
)
def test_files(tmp_path, name, content):
    (tmp_path / name).write_text(content, encoding="utf-8")
    first = "one\ttab" if name == "a.txt" else "one"
    assert list(from_file(tmp_path / name)) == [first, "two ü"]


def test_a_stream():
    assert list(from_lines(["one\n", "\n", " two\r\n"])) == ["one", " two"]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.csv", b"", "unknown ending '.csv'; .*allowed: .jsonl, .tsv, .txt"),
        ("a.jsonl", b'{"input": "x"}\n{"text": "x"}\n', "a.jsonl:2: 'input' is missing"),
        ("a.jsonl", b"one\n", "a.jsonl:1: not JSON"),
        ("a.jsonl", rb'{"input": "\ud83d"}', "a.jsonl:1: half a character"),
        ("a.txt", b"\xff\n", "a.txt:1: not UTF-8"),
    ],
)
def test_what_cannot_be_read(tmp_path, name, content, told):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UserError, match=told):
        list(from_file(tmp_path / name))


def test_no_file(tmp_path):
    with pytest.raises(UserError, match="no such file"):
        from_file(tmp_path / "a.txt")
