"""What a run tells of how far it has come, in a terminal and elsewhere."""

from __future__ import annotations

import io
import re
from unittest.mock import patch

from deltalab.run.progress import Progress

from .cuts import STEPS, TUNE, cut
from .stages import LEARN, TINY, WHOLE
from .support import program

BAR = "callbacks=default"


def test_without_a_terminal_there_are_lines_alone(model, tmp_path):
    done = program(*TUNE, *STEPS, BAR, "pack.seed=[1,2]", folder=tmp_path / "run", model=model)
    assert (done.code, done.err) == (0, "")
    told = re.findall(r"- 2 jobs, 2 still run, on movie_sentiment: step (\d+) of 12, \d\d:\d\d left", done.out)
    assert list(map(int, told)) == [2, 4, 6, 8, 10, 12]
    assert "\r" not in done.out


def test_runs_that_a_stage_makes_first_are_told_too(model, tmp_path):
    done = program(*TINY, *LEARN, *WHOLE, BAR, folder=tmp_path / "run", model=model)
    assert (done.code, done.err) == (0, "")
    assert re.search("2 jobs, 2 still run, on movie_sentiment: step 4 of 4, 00:00 left", done.out)
    assert re.search("subspace d2 of movie_sentiment: step 6 of 6, 00:00 left", done.out)


def test_a_bar_goes_from_where_the_run_goes_on_to_its_end(model, tmp_path):
    cut(7, *TUNE, *STEPS, folder=tmp_path, model=model)
    screen = io.StringIO()
    with patch.object(screen, "isatty", return_value=True), patch.object(Progress, "_out", screen):
        done = program(*TUNE, *STEPS, BAR, "callbacks.progress.refresh_rate=1", folder=tmp_path, model=model)
    assert (done.code, done.err) == (0, "")
    shown = screen.getvalue()
    assert [int(step) for step in dict.fromkeys(re.findall(r"\| (\d+)/12 \[", shown))] == [6, 7, 8, 9, 10, 11, 12]
    assert "lora on movie_sentiment:" in shown
    assert "dev/score=" in shown
    assert ": step " not in done.out


def test_only_the_first_of_several_processes_tells_anything(caplog):
    bar = Progress()
    bar.disable()
    bar.on_validation_end(None, None)
    assert caplog.text == ""
