"""The curves of a run that was cut short are those of one that was not."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from deltalab.packed.packed import Packed
from deltalab.report.page.curves import curves
from deltalab.search.bilevel import StructureSearch
from deltalab.subspace.approximate import SubspaceApproximation

from .cuts import ROWS, STEPS, TUNE, cut
from .stages import LEARN, TINY, WHOLE
from .support import program

SHORT = ("trainer.max_steps=6", "trainer.val_check_interval=2")
OFTEN = ("logger=csv", "trainer.log_every_n_steps=1")
SEARCH = (ROWS, "data.batch_size=8", "budget.parameters=3000")
LEARNT = (*TINY, *LEARN, *WHOLE, *STEPS)
RUNS = {  # overrides, the stages that are cut in turn before a step, the program
    "tune": ((*TUNE, *STEPS), [(Packed, 1), (Packed, 3), (Packed, 4), (Packed, 9)], "train"),
    "packed": ((*TUNE, *STEPS, "pack.seed=[1,2]"), [(Packed, 5)], "train"),
    "approximate": (LEARNT, [(SubspaceApproximation, 5)], "train"),
    "search": ((*SEARCH, *SHORT), [(StructureSearch, 5), (Packed, 5)], "search"),
}


def table(folder: Path) -> list[dict[str, str]]:
    """The filled cells of every row, in any order."""
    with (folder / "csv" / "metrics.csv").open(newline="") as file:
        rows = [{column: cell for column, cell in row.items() if cell} for row in csv.DictReader(file)]
    return sorted(rows, key=lambda row: sorted(row.items()))


@pytest.mark.slow
@pytest.mark.parametrize("run", RUNS)
def test_the_table_is_that_of_a_run_that_was_not_cut(run, model, tmp_path):
    given, cuts, name = RUNS[run]
    through = program(*given, *OFTEN, folder=tmp_path / "through", model=model, name=name)
    assert (through.code, through.err) == (0, "")
    place = tmp_path / "run"
    for module, step in cuts:
        cut(step, *given, *OFTEN, folder=place, model=model, stage=module, name=name)
        assert len(table(place)) < len(table(through.folder))
    done = program(*given, *OFTEN, folder=place, model=model, name=name)
    assert (done.code, done.err) == (0, "")
    assert table(place) == table(through.folder)
    assert curves(place) == curves(through.folder)


def test_a_run_that_goes_on_from_its_end_tells_nothing_twice(model, tmp_path):
    given = (*TUNE, "trainer.max_steps=4", "trainer.val_check_interval=2", *OFTEN)
    first, again = ([program(*given, folder=tmp_path, model=model), table(tmp_path)][1] for _ in range(2))
    assert sorted(map(sorted, again)) == sorted(map(sorted, first))
    program(*given, "trainer.max_steps=6", folder=tmp_path, model=model)
    assert len([row for row in table(tmp_path) if "test/score" in row]) == 1
    assert [row["step"] for row in table(tmp_path) if "train/loss" in row] == list("012345")
