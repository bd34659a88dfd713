"""Pictures of the jobs of a sweep."""

from __future__ import annotations

import json
from unittest.mock import patch

import pytest
from omegaconf import OmegaConf

from deltalab.run import verdict
from deltalab.run.gallery import hang
from deltalab.run.verdict import Verdict
from deltalab.sweep.job import Job
from deltalab.sweep.ledger import Ledger

from ..report.picture.searches import job, search, tuning

NONE = OmegaConf.create({"logger": {}, "output_dir": None})


def sweep(folder, *records):
    for i, record in enumerate(records):
        (folder / str(i)).mkdir(parents=True)
        (folder / str(i) / "record.json").write_text(json.dumps(record))
    return folder


def test_searches_are_drawn_together(tmp_path):
    folder = sweep(tmp_path / "sweep", search("random", 9, 0.5), search("random", 90, 0.6), search("random", 900, 0.7))
    (folder / "2" / "record.json").write_text("{")  # of a job that was killed
    assert hang(NONE, folder) == [folder / "pictures" / "pareto.png"]
    assert (folder / "pictures" / "pareto.png").stat().st_size > 10_000


@pytest.mark.parametrize("records", [[], [search("random", 9, 0.5)], [tuning([job(0.5, 0.1)])] * 2])
def test_what_cannot_be_compared_is_not_drawn(records, tmp_path):
    assert hang(NONE, sweep(tmp_path / "sweep", *records)) == []
    assert not (tmp_path / "sweep" / "pictures").exists()


def test_wandb_gets_them_in_the_group_of_the_sweep(tmp_path):
    """Its name in the config is that of a job, made of what Hydra has chosen for one."""
    told = {
        "_target_": "deltalab.report.logger.wandb_logger",
        "project": "deltalab",
        "save_dir": "${output_dir}",
        "name": "${hydra:runtime.choices.task}",
        "group": None,
    }
    config = OmegaConf.create({"logger": {"wandb": told}, "output_dir": None, "sweep": {"name": None}})
    seen = []
    folder = sweep(tmp_path / "sweep", search("random", 9, 0.5), search("random", 90, 0.6))
    with patch("deltalab.report.logger.log_pictures", lambda loggers, figures, step: seen.append((loggers, figures))):
        hang(config, folder)
    ((loggers, figures),) = seen
    assert list(figures) == ["pareto"]
    kept = loggers[0]._wandb_init
    assert (kept["name"], kept["group"], kept["job_type"]) == ("sweep", "sweep", "sweep")
    assert next((folder / "wandb").glob("offline-run-*"))


def test_a_picture_that_fails_does_not_hide_a_job_that_failed(tmp_path, capsys):
    Ledger(tmp_path, [Job("key", "0", [], state="failed", reason="broken")]).save()
    launcher = {"_target_": "hydra_plugins.deltalab_children.Children"}
    config = OmegaConf.create({"hydra": {"sweep": {"dir": str(tmp_path)}, "launcher": launcher}})

    def broken(config, folder):
        raise RuntimeError("no pictures")

    with patch.object(verdict, "hang", broken), pytest.raises(SystemExit, match="1"):
        Verdict().on_multirun_end(config)
    assert "1 of 1 jobs failed (0: broken)" in capsys.readouterr().err
