"""W&B never asks, and every logger gets the final score."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from lightning.pytorch.loggers import WandbLogger
from PIL import Image
from wandb import Image as WandbImage

from deltalab.errors import UserError
from deltalab.report.logger import log_pictures, log_results, wandb_logger
from deltalab.report.picture.canvas import blank, settled

from ..run.support import SMALL, program, save_model

NETRC = "machine api.wandb.ai\n  login user\n  password 0123456789\n"


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An environment in which nobody is logged in; returns its home."""
    for name in ("WANDB_API_KEY", "WANDB_MODE", "WANDB_BASE_URL", "NETRC"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("WANDB_SILENT", "true")
    monkeypatch.setenv("WANDB_CONSOLE", "off")
    monkeypatch.setattr("builtins.input", lambda *_: pytest.fail("asked something"))
    return tmp_path


def chosen(mode: str = "auto") -> str:
    """The mode that a logger would start W&B in."""
    return wandb_logger("deltalab", "somewhere", mode=mode)._wandb_init["mode"]


def test_offline_where_nobody_is_logged_in(nobody):
    assert chosen() == "offline"


def test_online_with_a_key_in_the_environment(nobody, monkeypatch):
    monkeypatch.setenv("WANDB_API_KEY", "0123456789")
    assert chosen() == "online"


@pytest.mark.parametrize("place", [".netrc", "elsewhere"])
def test_online_with_a_key_in_the_netrc_file(nobody, monkeypatch, place):
    (nobody / place).write_text(NETRC)
    (nobody / place).chmod(0o600)
    if place != ".netrc":
        monkeypatch.setenv("NETRC", str(nobody / place))
    assert chosen() == "online"
    monkeypatch.setenv("WANDB_BASE_URL", "https://wandb.example.org/")
    assert chosen() == "offline"  # the key is another server's


def test_a_broken_netrc_file_is_no_login(nobody):
    (nobody / ".netrc").write_text("machine without sense")
    assert chosen() == "offline"


def test_the_environment_and_then_the_setting_decide(nobody, monkeypatch):
    monkeypatch.setenv("WANDB_API_KEY", "0123456789")
    monkeypatch.setenv("WANDB_MODE", "offline")
    assert chosen() == "offline"
    assert chosen("online") == "online"


def test_another_mode_is_refused(nobody):
    with pytest.raises(UserError, match=r"^logger\.wandb\.mode: unknown mode 'offlin'; did you mean offline or online"):
        wandb_logger("deltalab", "somewhere", mode="offlin")


def test_an_offline_run_is_written_without_a_word(nobody, tmp_path):
    done = program("logger=wandb", *SMALL, folder=tmp_path / "run", model=save_model(tmp_path / "model"))
    assert (done.code, done.err) == (0, "")
    (run,) = (tmp_path / "run" / "wandb").glob("offline-run-*")
    assert list(run.glob("*.wandb"))
    assert list(run.rglob("*.table.json"))
    assert (tmp_path / "run" / "csv" / "metrics.csv").is_file()


class Noted:
    """A logger that remembers."""

    def __init__(self) -> None:
        self.metrics, self.step, self.saved = {}, None, False

    def log_metrics(self, metrics, step) -> None:
        self.metrics, self.step = metrics, step

    def save(self) -> None:
        self.saved = True


class NotedWandb(Noted, WandbLogger):
    """The same for W&B, which gets the table too."""

    def log_table(self, key, columns, data, step) -> None:
        self.table = (key, columns, data, step)

    def log_image(self, key, images, step) -> None:
        self.images.append((key, images, step))


def test_results_reach_every_logger_and_the_table_w_and_b():
    job = {"job": 0, "name": "lora", "dev": None, "test": {"value": 0.5}, "parameters": 3, "share_of_backbone": 0.1}
    record = {"score": 0.5, "majority": 0.4, "jobs": [job | {"best_step": None}]}
    plain, wandb = Noted(), NotedWandb()
    log_results([plain, wandb], record, 7)
    for logger in (plain, wandb):
        assert (logger.metrics, logger.step, logger.saved) == ({"score": 0.5, "majority": 0.4}, 7, True)
    columns = ["job", "dev", "test", "parameters", "share_of_backbone", "best_step"]
    assert wandb.table == ("results", columns, [["lora", None, 0.5, 3, 0.1, None]], 7)


def test_pictures_reach_w_and_b_as_pixels():
    figures = {name: settled(blank(height)) for name, height in (("heatmap", 1.0), ("recovery", 2.0))}
    figures["heatmap"].text(0.5, 0.5, "something")
    plain, wandb = Noted(), NotedWandb()
    wandb.images = []
    log_pictures([plain, wandb], figures, 7)
    assert [(key, step) for key, _, step in wandb.images] == [("pictures/heatmap", 7), ("pictures/recovery", 7)]
    for (_, (image,), _), figure in zip(wandb.images, figures.values(), strict=True):
        content = io.BytesIO()
        figure.savefig(content, format="png")
        sent = Image.open(WandbImage(image)._path)  # what W&B makes of it, not only what it gets
        assert (np.asarray(sent) == np.asarray(Image.open(content))).all()
    assert plain.metrics == {}
