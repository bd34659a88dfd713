"""A table of curves that a run goes on with, read back by the csv module."""

from __future__ import annotations

import csv
from unittest.mock import patch

import pytest
import torch
import yaml

from deltalab.report.csv_logger import CSVLogger


def written(folder):
    """Every row's filled cells, in order."""
    with (folder / "csv" / "metrics.csv").open(newline="") as file:
        return [{column: cell for column, cell in row.items() if cell} for row in csv.DictReader(file)]


@pytest.fixture
def begun(tmp_path):
    """The folder of a run that has logged four losses and two scores of a fit, and one of a search."""
    logger = CSVLogger(tmp_path)
    logger.log_metrics({"parameters/lora": 7}, 0)
    logger.log_metrics({"search/loss": 9.5, "epoch": 0}, 3)
    for step in range(4):
        logger.log_metrics({"train/loss": torch.tensor(step / 4), "epoch": 0}, step)
    logger.log_metrics({"dev/score": 0.5}, 1)
    logger.log_metrics({"dev/score": 0.25}, 3)
    logger.save()
    return tmp_path


def test_rows_are_written_once_in_order_whatever_their_columns(begun):
    rows = written(begun)
    assert [row["train/loss"] for row in rows if "train/loss" in row] == ["0.0", "0.25", "0.5", "0.75"]
    assert rows[0] == {"step": "0", "parameters/lora": "7"}
    assert len(rows) == 8


def test_a_later_run_forgets_what_came_after_its_step_of_its_own_kind_alone(begun):
    logger = CSVLogger(begun)
    logger.keep(2)
    logger.log_metrics({"train/loss": 8.0, "epoch": 0}, 2)
    logger.save()
    assert [(row["step"], row["train/loss"]) for row in written(begun) if "train/loss" in row] == [
        ("0", "0.0"),
        ("1", "0.25"),
        ("2", "8.0"),
    ]
    assert [row["step"] for row in written(begun) if "dev/score" in row] == ["1"]
    assert [row["step"] for row in written(begun) if "search/loss" in row] == ["3"]
    search = CSVLogger(begun)
    search.keep(0, search=True)
    search.log_metrics({"score": 1.0}, 9)
    search.finalize("success")
    assert [sorted(row) for row in written(begun) if "search/loss" in row or "parameters/lora" in row] == [
        ["parameters/lora", "step"]
    ]


def test_what_is_told_again_takes_the_place_of_what_was(begun):
    logger = CSVLogger(begun)
    logger.log_metrics({"parameters/lora": 8}, 0)
    logger.log_metrics({"dev/score": 0.75}, 2)
    logger.save()
    rows = written(begun)
    assert [row["parameters/lora"] for row in rows if "parameters/lora" in row] == ["8"]
    assert [row["dev/score"] for row in rows if "dev/score" in row] == ["0.5", "0.75"]


def test_a_table_is_whole_whenever_a_process_dies(begun):
    before, logger = written(begun), CSVLogger(begun)
    logger.log_metrics({"new/column": 1.0}, 4)
    with patch.object(csv.DictWriter, "writerows", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        logger.save()
    assert written(begun) == before
    logger.save()
    assert written(begun) == [*before, {"step": "4", "new/column": "1.0"}]


@pytest.mark.parametrize(
    "text", ["loss\n1\n", "step,loss\n1,2,3\n", 'step,loss\n1,"2\n', "step,loss\nlate,2\n", b"\xff"]
)
def test_a_damaged_table_is_named_and_begun_anew(text, begun, caplog):
    path = begun / "csv" / "metrics.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    logger = CSVLogger(begun)
    logger.log_metrics({"train/loss": 1.0}, 0)
    logger.save()
    assert f"{path}: damaged (" in caplog.text
    assert written(begun) == [{"step": "0", "train/loss": "1.0"}]


def test_settings_are_gathered_in_a_file_beside_it(tmp_path):
    logger = CSVLogger(tmp_path)
    logger.log_hyperparams({"config": {"seed": 1}})
    logger.log_hyperparams({"size": 3})
    assert yaml.safe_load((tmp_path / "csv" / "hparams.yaml").read_text()) == {"config": {"seed": 1}, "size": 3}


def test_nothing_is_written_where_nothing_was_logged(tmp_path):
    logger = CSVLogger(tmp_path)
    logger.keep(3)
    logger.save()
    assert list(tmp_path.iterdir()) == []
