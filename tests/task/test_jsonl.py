"""JSONL rows, and the error of every malformed line."""

import json
from pathlib import Path

import pytest

from deltalab.errors import UserError
from deltalab.task.example import Example
from deltalab.task.jsonl import rows


def write(folder: Path, *lines: str) -> Path:
    path = folder / "dev.jsonl"
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def test_reads_one_output_or_several(tmp_path: Path):
    path = write(
        tmp_path,
        json.dumps({"input": "a\tb\nc", "output": "yes", "id": 7}),
        json.dumps({"input": "d", "outputs": ["é", "no"]}, ensure_ascii=False),
    )
    assert rows(path) == (Example("a\tb\nc", ("yes",)), Example("d", ("é", "no")))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{oops", "not JSON"),
        ("", "not JSON"),
        ('["a", "b"]', "not an object"),
        ('{"output": "yes"}', "'input' is missing or no text"),
        ('{"input": 3, "output": "yes"}', "'input' is missing or no text"),
        ('{"input": "a"}', "needs either 'output' or 'outputs'"),
        ('{"input": "a", "output": "b", "outputs": ["b"]}', "needs either 'output' or 'outputs'"),
        ('{"input": "a", "outputs": "b"}', "'outputs' is no list or empty"),
        ('{"input": "a", "outputs": []}', "'outputs' is no list or empty"),
        ('{"input": "a", "output": 1}', "output 1 is empty or no text"),
        ('{"input": "a", "output": null}', "output None is empty or no text"),
        ('{"input": "a", "outputs": ["b", " "]}', "output ' ' is empty or no text"),
    ],
)
def test_malformed_lines_are_named(tmp_path: Path, line: str, message: str):
    path = write(tmp_path, '{"input": "a", "output": "b"}', line)
    with pytest.raises(UserError, match=rf"dev\.jsonl:2: {message}.*; expected {{") as caught:
        rows(path)
    assert "\n" not in str(caught.value)


def test_bytes_that_are_not_utf8(tmp_path: Path):
    path = tmp_path / "dev.jsonl"
    path.write_bytes(b'{"input": "\xff", "output": "b"}\n')
    with pytest.raises(UserError, match=r"dev\.jsonl:1: not UTF-8"):
        rows(path)


@pytest.mark.parametrize(
    "line", [r'{"input": "a \ud83d", "output": "yes"}', r'{"input": "a", "outputs": ["b", "a \ud83d"]}']
)
def test_half_a_character_is_named(tmp_path: Path, line: str):
    path = tmp_path / "dev.jsonl"
    path.write_text(line + "\n")
    with pytest.raises(UserError, match=r"dev\.jsonl:1: half a character, '\\ud83d', at 3$"):
        rows(path)
