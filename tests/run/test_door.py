"""What passes the door and what does not; the program as a process of its own."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hydra.errors import HydraException, InstantiationException
from omegaconf.errors import MissingMandatoryValue

from deltalab.atomic import write_json
from deltalab.errors import UserError
from deltalab.run.door import door, explained

from .support import CONF, SMALL


def caused(error: BaseException, cause: BaseException) -> BaseException:
    error.__cause__ = cause
    return error


def test_a_mistake_is_found_behind_what_hydra_made_of_it():
    error = caused(InstantiationException("long report"), caused(HydraException("more"), UserError("rank=0: no")))
    assert explained(error, CONF, "train", []) == "rank=0: no"


def test_every_explanation_is_one_line():
    assert explained(UserError("two\n  lines"), CONF, "train", []) == "two lines"
    assert explained(HydraException("two\nlines"), CONF, "train", []) == "two lines"
    missing = MissingMandatoryValue("Missing mandatory value: task.path\n    full_key: task.path")
    assert explained(missing, CONF, "train", []) == "task.path: needs a value; give task.path=..."


@pytest.mark.parametrize("error", [ValueError("x"), InstantiationException("y"), KeyError("z")], ids=repr)
def test_a_fault_of_the_program_keeps_its_traceback(error):
    with pytest.raises(type(error)), door(CONF, "train"):
        raise error


def test_other_wrong_overrides_do_not_hide_the_first():
    refused = HydraException("Could not override 'delta.rnak'.")
    told = explained(refused, CONF, "train", ["delta=adapter", "delta.rnak=3", "task=nosuch", "pack.seed=[0,1]"])
    assert told.startswith("delta: unknown key 'rnak'")


def process(*overrides: str, place: Path) -> subprocess.CompletedProcess[str]:
    """`python train.py` with these overrides, started in an empty folder."""
    program = CONF.parent / "train.py"
    return subprocess.run(
        [sys.executable, str(program), *overrides],
        cwd=place,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.mark.slow
def test_a_mistake_ends_the_process_with_code_2(model, tmp_path):
    given = ("backbone=t5", f"backbone.path={model}", "logger=none", *SMALL[:1], "data.batch_size=0")
    done = process(*given, place=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: data.batch_size: '0' is not allowed; allowed: a whole number of at least 1\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_an_unknown_key_ends_the_process_with_code_2(tmp_path):
    done = process("delta.rnak=3", place=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: delta: unknown key 'rnak'; did you mean rank")
    assert len(done.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_run_in_a_process_of_its_own_ends_with_its_record(model, tmp_path):
    short = ("logger=csv", "trainer=smoke", "trainer.accelerator=cpu", *SMALL)
    done = process("backbone=t5", f"backbone.path={model}", *short, place=tmp_path)
    assert done.returncode == 0, done.stderr
    told = done.stdout.splitlines()[-1]
    record = Path(told.removeprefix("record: "))
    assert told.startswith("record: ")
    assert (tmp_path / record).is_file()
    assert (tmp_path / record).is_relative_to(tmp_path / "runs" / "movie_sentiment" / "lora")
    assert "Warning" not in done.stderr


def test_a_full_disk_is_one_line_and_leaves_what_was_there(tmp_path, capsys):
    path = tmp_path / "record.json"
    path.write_text("before")
    (tmp_path / "record.json.part").symlink_to("/dev/full")  # every write to it finds no space
    with pytest.raises(SystemExit) as end, door(CONF, "train"):
        write_json(path, {"a": 1})
    assert end.value.code == 1
    error = capsys.readouterr().err
    assert error == f"error: {path}: cannot be written (No space left on device); what was finished before is whole\n"
    assert path.read_text() == "before"


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES, errno.EDQUOT])
def test_a_folder_that_cannot_be_written_is_one_line(number, capsys):
    with pytest.raises(SystemExit) as end, door(CONF, "train"):
        raise OSError(number, os.strerror(number), "some/place")
    assert (end.value.code, capsys.readouterr().err.count("\n")) == (1, 1)


def test_other_errors_of_the_system_are_bugs():
    with pytest.raises(FileNotFoundError), door(CONF, "train"):
        raise FileNotFoundError(errno.ENOENT, "no such file", "some/place")


def test_a_mistake_is_told_before_torch_is_imported() -> None:
    """A key that nobody knows, a sweep's own process: neither waits for what only a run needs."""
    heavy = {"torch", "lightning", "transformers", "torchmetrics", "matplotlib", "wandb"}
    code = (
        "import sys, train, search, deltalab.run.sweep, hydra_plugins.deltalab_children\n"
        f"print(sorted({heavy} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=CONF.parent, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
