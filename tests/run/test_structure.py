"""delta=structure from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from .support import SMALL, program

STRUCTURE = Path(__file__).with_name("structure.yaml")


def test_a_structure_is_tuned_on_any_task(model: Path, tmp_path: Path):
    words = ("delta=structure", f"delta.path={STRUCTURE}", "task=topic")
    done = program(*words, *SMALL, folder=tmp_path, model=model)
    assert (done.code, done.err) == (0, "")
    assert [job["parameters"] for job in done.record["jobs"]] == [32 + 18 + 32]  # one query of rank 1 and one bias


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ((), "error: delta.path: needs a value; give delta.path=...\n"),
        (("delta.path=none.yaml",), "error: delta: structure none.yaml: no such file; "),
        (("delta.path={deep}",), "error: delta: structure {deep}: made for 12 encoder layers and 2 decoder layers, "),
    ],
)
def test_mistakes_end_in_one_line(words: tuple[str, ...], line: str, model: Path, tmp_path: Path):
    deep = tmp_path / "deep.yaml"
    deep.write_text(STRUCTURE.read_text().replace("encoder: 2", "encoder: 12"))
    given = [word.format(deep=deep) for word in words]
    done = program("delta=structure", *given, *SMALL, folder=tmp_path / "run", model=model)
    assert done.code == 2
    assert done.err.startswith(line.format(deep=deep))
    assert done.err.count("\n") == 1
