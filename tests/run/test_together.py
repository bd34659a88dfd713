"""Jobs of a sweep in one run leave what each would have left apart."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
import yaml
from safetensors.torch import load_file

from deltalab.report.page.run import read
from deltalab.sweep.ledger import Ledger
from deltalab.sweep.outcome import LOG

from .support import SMALL, program

RUN = (
    "callbacks=quiet",
    "trainer.accelerator=cpu",
    "trainer.max_steps=3",
    "trainer.val_check_interval=1",
    "optimizer.eps=0.01",
    *SMALL,
)
# with a small eps AdamW's first steps are signs: rounding turns those of gradients near 0
KEPT = ("stage", "score", "metric", "majority", "task", "jobs", "backbone")
ASKED = (("lora", 0), ("lora", 1), ("bitfit", 0), ("bitfit", 1))


def alike(one: Any, other: Any) -> bool:
    """Equal, numbers but for rounding."""
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(alike, one, other))
    return one == pytest.approx(other, abs=1e-6) if isinstance(one, float) else one == other


@pytest.mark.slow
def test_a_packed_sweep_leaves_what_separate_runs_leave(model: Path, tmp_path: Path) -> None:
    words = (f"backbone.path={model}", "backbone=t5", "logger=csv", *RUN)
    where = tmp_path / "sweep"
    done = program("-m", *words, "delta=lora,bitfit", "seed=0,1", "sweep.pack=true", folder=where)
    ledger = Ledger.read(where)
    assert done.code == 0, [(job.state, job.reason) for job in ledger.jobs]
    assert [job.tries for job in ledger.jobs] == [1, 1, 1, 1]
    (pack,) = (where / "packs").iterdir()
    assert len(list(where.rglob(LOG))) == 1  # one process
    assert not (pack / "record.json").exists()  # nothing is counted twice
    for job, (delta, seed) in zip(ledger.jobs, ASKED, strict=True):
        mine, place = (f"delta={delta}", f"seed={seed}"), ledger.place(job)
        apart = program(*words, *mine, folder=tmp_path / f"apart-{delta}-{seed}")
        run = read(place / "record.json")
        assert alike({key: run.record[key] for key in KEPT}, {key: apart.record[key] for key in KEPT})
        assert job.score == pytest.approx(apart.record["score"])
        assert run.record["config"]["output_dir"] == str(place)
        assert run.record["config"]["seed"] == seed
        assert set(mine) <= set(yaml.safe_load((place / ".hydra" / "overrides.yaml").read_text()))
        cards = [json.loads((folder / "solution" / "solution.json").read_text()) for folder in (place, apart.folder)]
        assert [cards[0][key] for key in ("task", "config", "method")] == [
            cards[1][key] for key in ("task", "config", "method")
        ]
        theta, other = (load_file(folder / "solution" / "theta.safetensors") for folder in (place, apart.folder))
        assert theta.keys() == other.keys()
        assert all(torch.allclose(theta[name], other[name], atol=1e-5) for name in theta)
        curves = [(folder / "csv" / "metrics.csv").read_text().splitlines() for folder in (place, apart.folder)]
        assert sorted(curves[0][0].split(",")) == sorted(curves[1][0].split(","))
        assert len(curves[0]) == len(curves[1])
    before = (pack / LOG).read_bytes()
    assert program("-m", *words, "delta=lora,bitfit", "seed=0,1", "sweep.pack=true", folder=where).code == 0
    assert (pack / LOG).read_bytes() == before  # done, so not started again


@pytest.mark.slow
def test_one_bad_job_spoils_no_pack(model: Path, tmp_path: Path) -> None:
    words = (f"backbone.path={model}", "backbone=t5", "logger=none", *RUN)
    done = program("-m", *words, "delta.rank=2,0", "sweep.pack=true", folder=tmp_path)
    good, bad = Ledger.read(tmp_path).jobs
    assert (done.code, good.state, bad.state) == (1, "done", "failed")
    assert bad.reason.startswith("error: delta.rank=0")
