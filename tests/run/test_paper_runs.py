"""The published recipes of subspaces as whole runs, as small as can be."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from deltalab.store.store import Store
from deltalab.task.leak import Leak
from deltalab.task.same_source import same_source

from .published import SINGLE
from .support import program


def folders(root: Path, names: Iterable[str]) -> Path:
    """CrossFit folders of a few rows, other ones in each."""
    for name in names:
        (root / name).mkdir(parents=True)
        for split in ("train", "dev", "test"):
            rows = [f"{name.replace('_', ' ')} {split} {'abcdefgh'[i]}\t{('no', 'yes')[i % 2]}\n" for i in range(8)]
            (root / name / f"{name}_16_13_{split}.tsv").write_text("".join(rows))
    return root


def checked(done: Any, target: str, dim: int, solved: set[str]) -> None:
    """A run that went through all three stages."""
    assert (done.code, done.err) == (0, "")
    record = done.record
    assert (record["task"]["name"], record["dim"], len(record["jobs"])) == (target, dim, 6)
    assert {job["lr"] for job in record["jobs"]} == {1e-2, 5e-2}
    assert [list(record["e_sub"])] * 3 == [list(row) for row in record["e_sub"].values()]
    kept = list(Store(done.folder.with_name(done.folder.name + "-store")).entries())
    methods = ("adapter", "lora", "prefix")
    wanted = {f"{method} on {task}, seed 42" for method in methods for task in solved}
    assert {entry.facts["what"] for entry in kept if entry.kind == "solution"} == wanted
    assert sum(entry.kind == "subspace" for entry in kept) == 1


SHORT = ("data.max_input_length=16", "data.max_output_length=4")


@pytest.mark.parametrize("name", SINGLE)
def test_a_single_task_runs(name: str, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    source, targets = SINGLE[name]
    target = next(iter(targets))
    monkeypatch.setenv("CROSSFIT", str(folders(tmp_path / "crossfit", [source, target])))
    alike = bool(same_source([source], [target]))
    with pytest.warns(Leak, match=f"made from the same texts as the source: {source}") if alike else nullcontext():
        done = program(f"experiment=paper_single_{name}", *SHORT, folder=tmp_path / "run", model=model)
    checked(done, target, 4, {source, target})


def test_several_tasks_run(model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CROSSFIT", str(folders(tmp_path / "crossfit", ["boolq", "paws", "qasc", "rotten_tomatoes"])))
    few = "['task=split/crossfit_60','task.seen=[boolq,paws]','task.unseen=[qasc]','task.evaluation=generate']"
    done = program(
        "experiment=paper_multi", f"subspace.source_task={few}", *SHORT, folder=tmp_path / "run", model=model
    )
    checked(done, "rotten_tomatoes", 100, {"boolq", "paws", "rotten_tomatoes"})
