"""TSV rows, and the error of every malformed line."""

from pathlib import Path

import pytest

from deltalab.errors import UserError
from deltalab.task.example import Example
from deltalab.task.tsv import rows


def write(folder: Path, content: bytes) -> Path:
    path = folder / "train.tsv"
    path.write_bytes(content)
    return path


def test_reads_inputs_and_answers(tmp_path: Path):
    path = write(tmp_path, "a b\tyes\nc\tno\tnope\n é \t ja \n".encode())
    assert rows(path) == (Example("a b", ("yes",)), Example("c", ("no", "nope")), Example(" é ", (" ja ",)))


def test_windows_line_ends_a_byte_order_mark_and_no_last_newline(tmp_path: Path):
    assert rows(write(tmp_path, b"\xef\xbb\xbfa\tyes\r\nb\tno")) == (Example("a", ("yes",)), Example("b", ("no",)))


def test_only_newlines_end_a_line(tmp_path: Path):
    text = "one\u2028two\x0bthree\x85four"  # str.splitlines would cut at each of these
    assert rows(write(tmp_path, f"{text}\tyes\n".encode())) == (Example(text, ("yes",)),)


def test_an_empty_file_has_no_rows(tmp_path: Path):
    assert rows(write(tmp_path, b"")) == ()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a\tyes\nno tab here\n", r"train\.tsv:2: no tab in 'no tab here'; expected input TAB output"),
        (b"a\tyes\n\nb\tno\n", r"train\.tsv:2: no tab in ''"),
        (b"a\tyes\nb\tno\nc\t\n", r"train\.tsv:3: an output is empty"),
        (b"a\tyes\t \n", r"train\.tsv:1: an output is empty"),
        (b"a\tyes\nb\t\tno\n", r"train\.tsv:2: an output is empty"),
        (b"a\tyes\nab\xff\tno\n", r"train\.tsv:2: not UTF-8 at byte 3 of the line"),
        (b"x" * 100 + b"\n", r"train\.tsv:1: no tab in 'x{40}\.\.\.'"),
    ],
)
def test_malformed_lines_are_named(tmp_path: Path, content: bytes, message: str):
    with pytest.raises(UserError, match=message) as caught:
        rows(write(tmp_path, content))
    assert "\n" not in str(caught.value)
