"""The command, in this process."""

from __future__ import annotations

import io
import json

import pytest

from deltalab.predict.__main__ import main
from deltalab.predict.predictor import Predictor

from .conftest import TEXTS


@pytest.fixture
def ask(folder, capsys):
    """`ask(*words)`: exit code, objects on stdout, text on stderr."""

    def run(*words):
        code = main([str(folder), "--device", "cpu", *map(str, words)])
        out, err = capsys.readouterr()
        return code, [json.loads(line) for line in out.splitlines()], err

    return run


def test_texts_of_the_command_line(ask, opened):
    code, found, _ = ask("--text", TEXTS[0], "--text", TEXTS[1])
    assert code == 0
    assert found == [{"input": one.input, "answer": one.answer} for one in Predictor(opened)(TEXTS[:2])]


def test_a_file_with_scores_to_a_file(ask, tmp_path, opened):
    (tmp_path / "in.txt").write_text("\n".join(TEXTS))
    code, printed, _ = ask(
        "--file", tmp_path / "in.txt", "--out", tmp_path / "out.jsonl", "--scores", "--batch-size", 2
    )
    assert (code, printed) == (0, [])
    found = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [one["input"] for one in found] == TEXTS
    for one in found:
        assert list(one["scores"]) == ["bad", "good", "very good indeed"]
        assert one["answer"] == max(one["scores"], key=one["scores"].get)


def test_lines_of_stdin(ask, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("dull\n\nfine\n"))
    code, found, _ = ask("--labels", "red,blue")
    assert code == 0
    assert [one["input"] for one in found] == ["dull", "fine"]
    assert {one["answer"] for one in found} <= {"red", "blue"}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--text", "x", "--batch-size", 0], "--batch-size 0: must be at least 1"),
        (["--text", "x", "--generate", "--scores"], "--generate: leaves labels out"),
        (["--text", "x", "--labels", "red,red"], "--labels red,red: name each label once"),
        (["--text", "x", "--labels", ""], "--labels : name each label once"),
        (["--text", "x", "--out", "/no/such/place/out"], "no folder /no/such/place"),
        (["--text", "x", "--device", "nowhere"], "--device nowhere: "),
        (["--file", "none.txt"], "--file none.txt: no such file"),
    ],
)
def test_a_mistake_is_one_line(ask, words, told):
    code, found, err = ask(*words)
    assert (code, found) == (2, [])
    assert told in err
    assert err.count("\n") == 1


def test_a_folder_without_a_solution(capsys, tmp_path):
    assert main([str(tmp_path), "--text", "x"]) == 2
    assert "no solution.json there" in capsys.readouterr().err


def test_a_file_that_breaks_off_leaves_no_answers(ask, tmp_path):
    (tmp_path / "in.jsonl").write_text('{"input": "x"}\n{"text": 1}\n')
    code, _, err = ask("--file", tmp_path / "in.jsonl", "--out", tmp_path / "out.jsonl", "--batch-size", 1)
    assert code == 2
    assert "in.jsonl:2" in err
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]
