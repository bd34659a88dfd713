"""Multirun: jobs in processes of their own, found again, whatever becomes of them."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from deltalab.sweep.claim import in_work
from deltalab.sweep.ledger import Ledger

from .support import CONF, SMALL, program

PROGRAM = Path(__file__).with_name("sweep_program.py")
ROOT = CONF.parent


@pytest.fixture
def place(tmp_path):
    """A folder to start programs in, beside a config of the program above with the project's own hydra and sweep."""
    for group in ("hydra", "sweep"):
        shutil.copytree(CONF / group, tmp_path / "conf" / group)
    text = "defaults: [_self_, {sweep: default}, {hydra: default}]\nx: 1\noutput_dir: ${hydra:runtime.output_dir}\n"
    (tmp_path / "conf" / "program.yaml").write_text(text)
    (tmp_path / "work").mkdir()
    return tmp_path / "work"


def begun(place: Path, *words: str) -> subprocess.Popen[str]:
    """The program, started with a multirun's overrides."""
    return subprocess.Popen(
        [sys.executable, str(PROGRAM), "-m", *words],
        cwd=place,
        env={
            **os.environ,
            "SWEEP_CONF": str(place.parent / "conf"),
            "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def swept(place: Path, *words: str) -> tuple[int, str, str, list[int]]:
    """Exit code, output, errors, and the jobs that were started, in any order."""
    (place / "starts").write_text("")
    sweep = begun(place, *words)
    out, err = sweep.communicate(timeout=240)
    return sweep.returncode, out, err, sorted(int(word) for word in (place / "starts").read_text().split())


def folder(place: Path) -> Path:
    """The only sweep's folder."""
    (found,) = (place / "runs" / "multirun").iterdir()
    return found


@pytest.mark.slow
def test_a_sweep_that_is_started_again_does_only_what_is_missing(place):
    words = ("x=1,2,3,4", "sweep.retry=0")
    code, out, err, started = swept(place, *words, "sweep.jobs=2")
    assert (code, started) == (1, [1, 2, 3, 4])
    told = err.splitlines()[-1]
    assert told.startswith(f"error: sweep {folder(place).relative_to(place)}: 2 of 4 jobs failed (2: ")
    assert "RuntimeError: three is broken; 3: killed by SIGKILL" in told
    assert [json.loads((folder(place) / name / "record.json").read_text())["score"] for name in "01"] == [1.0, 0.5]
    (place / "mended").touch()
    code, out, _, started = swept(place, *words, "sweep.jobs=1")
    assert (code, started) == (0, [3, 4])
    assert out.splitlines()[-1].endswith("3/record.json")
    assert swept(place, *words)[::3] == (0, [])
    assert [job.score for job in Ledger.read(folder(place)).jobs] == [1.0, 0.5, 1 / 3, 0.25]


@pytest.mark.slow
def test_a_larger_sweep_in_the_same_folder_keeps_what_is_done(place):
    where = "hydra.sweep.dir=mine"
    assert swept(place, where, "x=2,1")[::3] == (0, [1, 2])
    assert swept(place, where, "x=1,6,2")[::3] == (0, [6])
    assert [(job.folder, job.score) for job in Ledger.read(place / "mine").jobs] == [("0", 0.5), ("1", 1), ("2", 1 / 6)]
    record = place / "mine" / "0" / "record.json"
    record.write_text(record.read_text()[:-3])
    assert swept(place, where, "x=1,6,2")[::3] == (0, [2])  # part of a record is none


@pytest.mark.slow
def test_ctrl_c_leaves_a_sweep_that_goes_on(place):
    sweep = begun(place, "x=1,5,2")
    until = time.monotonic() + 120
    while not ((place / "starts").exists() and "5" in (place / "starts").read_text()):
        assert time.monotonic() < until
        assert sweep.poll() is None
        time.sleep(0.1)
    code, _, err, _ = swept(place, "x=1,5,2")
    assert code == 1
    assert "is in work there" in err.splitlines()[-1]
    sweep.send_signal(signal.SIGINT)
    _, told = sweep.communicate(timeout=60)
    assert (sweep.returncode, told.splitlines()[-1].endswith("stopped; the same command goes on")) == (130, True)
    assert not in_work(folder(place))
    assert [job.state for job in Ledger.read(folder(place)).jobs] == ["done", "waiting", "waiting"]
    (place / "mended").touch()
    assert swept(place, "x=1,5,2")[::3] == (0, [2, 5])


@pytest.mark.slow
def test_jobs_of_a_basic_sweep_in_batches_all_run(place):
    code, _, err, started = swept(place, "x=3,1,2", "hydra.sweeper.max_batch_size=1", "sweep.retry=1")
    assert (code, started) == (1, [1, 2, 3, 3])
    assert "1 of 3 jobs failed (0: RuntimeError: three is broken)" in err


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("sweep.jobs=0", "sweep.jobs=0: must be a whole number, at least 1"),
        ("sweep.retry=-1", "sweep.retry=-1: must be a whole number, at least 0"),
        ("sweep.objectives=[scor]", "sweep.objectives: unknown objective 'scor'; did you mean score?"),
    ],
)
def test_a_mistake_ends_a_sweep_before_it_starts(word, told, tmp_path):
    done = program("-m", "seed=0,1", word, folder=tmp_path)
    assert done.code == 2
    assert done.err.startswith(f"error: {told}")
    assert not list(tmp_path.glob("*/job.log"))


def test_settings_of_a_sweep_are_refused_in_one_run(tmp_path, model):
    done = program("sweep.jobs=2", folder=tmp_path / "run", model=model)
    assert (done.code, done.err) == (
        2,
        "error: sweep.jobs=2: for `python train.py -m` with hydra/launcher=children; nothing else uses it\n",
    )


@pytest.mark.slow
@pytest.mark.skipif(
    not importlib.util.find_spec("hydra_plugins.hydra_joblib_launcher"), reason="needs hydra-joblib-launcher"
)
def test_joblib_still_launches(place):
    code, _, err, started = swept(place, "x=1,2", "hydra/launcher=joblib", "hydra.launcher.n_jobs=2")
    assert (code, started) == (0, [1, 2]), err
    assert sorted(path.name for path in folder(place).glob("*/record.json")) == ["record.json"] * 2
    assert not (folder(place) / "sweep.json").exists()


@pytest.mark.slow
@pytest.mark.skipif(not importlib.util.find_spec("optuna"), reason="needs optuna")
def test_optuna_is_told_the_scores_of_jobs(place):
    words = (
        "hydra/sweeper=optuna",
        "hydra.sweeper.n_trials=4",
        "hydra.sweeper.n_jobs=2",
        "hydra.sweeper.sampler.seed=1",
        "hydra.sweeper.direction=[maximize,minimize]",
        "hydra.sweeper.max_failure_rate=1",
        "sweep.objectives=[score,parameters]",
        "sweep.retry=0",
    )
    code, _, err, started = swept(place, *words, "x=choice(1,2,3)")
    assert code == (1 if 3 in started else 0), err
    best = [1 / x for x in started if x != 3]
    jobs = Ledger.read(folder(place)).jobs
    assert sorted(job.score for job in jobs if job.score is not None) == sorted(set(best))
    found = (folder(place) / "optimization_results.yaml").read_text()
    assert f"- {max(best)}" in found
    _, out, err, more = swept(place, *words, "x=choice(1,2,3)", "hydra.sweeper.n_trials=5")
    assert out.count(": 1 jobs, ") == 1, err  # the study goes on: one trial is missing
    assert set(more) <= {1, 2, 3} - {1 / one for one in best}


@pytest.mark.slow
@pytest.mark.skipif(
    not importlib.util.find_spec("hydra_plugins.hydra_submitit_launcher"), reason="needs hydra-submitit-launcher"
)
def test_submitit_still_launches(place):
    """Its local executor; a cluster differs in how a process is started."""
    code, _, err, started = swept(place, "x=1,2", "hydra/launcher=submitit_local", "hydra.launcher.timeout_min=4")
    assert (code, started) == (0, [1, 2]), err
    assert sorted(path.parent.name for path in folder(place).glob("*/record.json")) == ["0", "1"]


@pytest.mark.slow
def test_a_sweep_of_the_program_itself(model, tmp_path):
    """One job is killed, one is refused; started again the first is made and the third is left alone."""
    short = ("logger=csv", "callbacks=quiet", "trainer=smoke", "trainer.accelerator=cpu", *SMALL)
    words = ["-m", "backbone=t5", f"backbone.path={model}", *short, "delta.rank=2,0,4", "sweep.retry=0"]
    where = tmp_path / "sweep"
    command = [sys.executable, str(ROOT / "train.py"), *words, f"hydra.sweep.dir={where}"]
    sweep = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    until = time.monotonic() + 240
    while not (where / "0" / "job.log").exists() or (pid := Ledger.read(where).jobs[0].pid) is None:
        assert time.monotonic() < until
        time.sleep(0.05)
    os.kill(pid, signal.SIGKILL)
    _, err = sweep.communicate(timeout=240)
    assert sweep.returncode == 1
    assert [job.state for job in Ledger.read(where).jobs] == ["failed", "failed", "done"]
    assert "2 of 3 jobs failed (0: killed by SIGKILL" in err
    assert "; 1: error: delta.rank=0" in err
    before = (where / "2" / "record.json").stat().st_mtime_ns
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=240)
    assert done.returncode == 1
    assert [job.state for job in Ledger.read(where).jobs] == ["done", "failed", "done"]
    assert (where / "2" / "record.json").stat().st_mtime_ns == before
    record = json.loads((where / "0" / "record.json").read_text())
    assert record["score"] == Ledger.read(where).jobs[0].score
    assert record["config"]["delta"]["rank"] == 2
