"""What W&B and TensorBoard are told of a run."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hydra.core.hydra_config import HydraConfig
from hydra.types import RunMode
from lightning.pytorch.loggers import WandbLogger
from omegaconf import open_dict, read_write
from wandb.sdk.launch.sweeps.utils import create_sweep_command_args

from deltalab.run.loggers import group
from deltalab.run.setup import make_loggers

from .support import CONF, SMALL, composed, program

SWEEPS = sorted(path for path in CONF.glob("sweep/*.yaml") if path.stem != "default")


def told(*words: str, name: str = "train") -> dict:
    """What W&B would be started with."""
    with composed("logger=wandb", "output_dir=nowhere", *words, name=name) as config:
        (logger,) = (one for one in make_loggers(config) if isinstance(one, WandbLogger))
        return {key: logger._wandb_init.get(key) for key in ("job_type", "group", "name")}


def test_the_stage_is_the_type_of_a_run() -> None:
    assert told() == {"job_type": "tune", "group": None, "name": "lora"}
    assert told("stage=approximate", "subspace=d4")["job_type"] == "approximate"
    assert told(name="search")["job_type"] == "search"
    assert told("logger.wandb.job_type=mine", "logger.wandb.group=ours", "name=x") == {
        "job_type": "mine",
        "group": "ours",
        "name": "x",
    }


def test_the_sweep_is_the_group_of_a_run() -> None:
    assert told("sweep.name=train-1234")["group"] == "train-1234"
    assert told("sweep.name=train-1234", "logger.wandb.group=ours")["group"] == "ours"
    with composed("hydra.sweep.dir=runs/multirun/abc") as config:
        assert group(config) is None
        with read_write(HydraConfig.get()), open_dict(HydraConfig.get()):
            HydraConfig.get().mode = RunMode.MULTIRUN  # as under a launcher that runs jobs in its own way
        assert group(config) == "abc"


def test_a_run_goes_on_under_its_id(tmp_path: Path) -> None:
    with composed("logger=wandb", f"output_dir={tmp_path}") as config:
        assert make_loggers(config)[-1]._wandb_init["id"] is None
        (tmp_path / "wandb" / "offline-run-20260102_030405-ab12cd34").mkdir(parents=True)
        assert make_loggers(config)[-1]._wandb_init["id"] == "ab12cd34"


@pytest.mark.slow
def test_an_offline_run_holds_a_flat_config_and_its_artifacts(model: Path, tmp_path: Path) -> None:
    pytest.importorskip("tensorboard")
    done = program("logger=many", "seed=3", *SMALL, folder=tmp_path / "run", model=model)
    assert (done.code, done.err) == (0, "")
    (run,) = (tmp_path / "run" / "wandb").glob("offline-run-*")
    written = b"".join(path.read_bytes() for path in run.glob("*.wandb"))
    for word in (b"trainer.max_steps", b"movie_sentiment", b"solution-"):
        assert word in written
    assert list((tmp_path / "run" / "tensorboard").glob("events.*"))
    assert (tmp_path / "run" / "csv" / "metrics.csv").exists()


@pytest.mark.slow
@pytest.mark.parametrize("path", SWEEPS, ids=lambda path: path.stem)
def test_an_agent_of_a_sweep_at_w_and_b_starts_a_run(path: Path, model: Path, tmp_path: Path) -> None:
    content = yaml.safe_load(path.read_text())
    assert path.read_text().startswith(f"# wandb sweep conf/sweep/{path.name}")
    assert content["metric"] == {"name": "score", "goal": "maximize"}
    first = {
        name: one.get("value", one.get("min", (one.get("values") or [0])[0]))
        for name, one in content["parameters"].items()
    }
    given = create_sweep_command_args({"args": {name: {"value": value} for name, value in first.items()}})
    words = [
        word
        for part in content["command"]
        for word in (given["args_no_hyphens"] if part == "${args_no_hyphens}" else [part])
    ]
    assert words[:3] == ["${interpreter}", "${program}", "logger=wandb"]
    assert content["program"] == "train.py"
    done = program(*words[3:], *SMALL, folder=tmp_path / "run", model=model)
    assert (done.code, done.err) == (0, "")
    job = done.record["jobs"][0]
    assert job["delta"] == first["delta"]
    assert job["lr"] == first.get("optimizer.lr", job["lr"])
