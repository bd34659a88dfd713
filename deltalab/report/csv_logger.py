"""Curves as a table that a run goes on with, and settings, in files of their own."""

from __future__ import annotations

import csv
import logging
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any, final

from lightning.pytorch.core.saving import save_hparams_to_yaml
from lightning.pytorch.loggers import Logger
from lightning.pytorch.utilities import rank_zero_only
from torch import Tensor

from deltalab.atomic import atomic

__all__ = ["CSVLogger"]

log = logging.getLogger(__name__)

Row = dict[str, Any]


@final
class CSVLogger(Logger):
    """Metrics to `save_dir`/csv/metrics.csv, a row a call; settings to hparams.yaml beside it.

    What a run has left there before stays: `keep` says up to which step. A new row takes the place of those old ones
    with the same columns that are not of an earlier step. The table is written whole, when it is saved.
    """

    def __init__(self, save_dir: str | Path) -> None:
        super().__init__()
        self._folder = Path(save_dir) / "csv"
        self._old: list[Row] | None = None
        self._new: list[Row] = []
        self._settings: dict[str, Any] = {}

    @property
    def name(self) -> str:
        """None of its own."""
        return ""

    @property
    def version(self) -> str:
        """The name of the folder."""
        return self._folder.name

    @property
    def save_dir(self) -> str:
        """The folder of the run."""
        return str(self._folder.parent)

    @rank_zero_only
    def keep(self, step: int, search: bool = False) -> None:
        """Forget what earlier runs have logged from this step on, as a search (columns search/...) or as other fits.

        What came of a test goes in any case: it stands at the end of a run.
        """
        self._old = [row for row in self._before() if _has(row, "search/") != search or int(row["step"]) < step]
        self._old = [row for row in self._old if not _has(row, "test/")]

    @rank_zero_only
    def log_hyperparams(self, params: dict[str, Any] | Namespace, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """Settings, beside those known already."""
        self._settings |= vars(params) if isinstance(params, Namespace) else params
        self._folder.mkdir(parents=True, exist_ok=True)
        save_hparams_to_yaml(str(self._folder / "hparams.yaml"), self._settings)

    @rank_zero_only
    def log_metrics(self, metrics: Mapping[str, float | Tensor], step: int | None = None) -> None:
        """A row; without a step it gets the number of the rows before it."""
        found = {key: value.item() if isinstance(value, Tensor) else value for key, value in metrics.items()}
        found["step"] = len(self._before()) + len(self._new) if step is None else step
        self._old = [row for row in self._before() if row.keys() != found.keys() or int(row["step"]) < found["step"]]
        self._new.append(found)

    @rank_zero_only
    def save(self) -> None:
        """Write the table."""
        if not self._new:
            return
        rows = [*self._before(), *self._new]
        self._folder.mkdir(parents=True, exist_ok=True)
        with atomic(self._path) as part, part.open("w", newline="", encoding="utf-8") as file:
            table = csv.DictWriter(file, sorted({column for row in rows for column in row}))
            table.writeheader()
            table.writerows(rows)

    @rank_zero_only
    def finalize(self, status: str) -> None:
        """Write the table."""
        self.save()

    @property
    def _path(self) -> Path:
        return self._folder / "metrics.csv"

    def _before(self) -> list[Row]:
        """What is left of earlier runs."""
        if self._old is None:
            self._old = _read(self._path) if self._path.is_file() else []
        return self._old


def _read(path: Path) -> list[Row]:
    """The rows of a table, but their empty cells; none of a damaged one, which is named in the log."""
    try:
        with path.open(newline="", encoding="utf-8") as file:
            found = [
                {column: cell for column, cell in row.items() if cell} for row in csv.DictReader(file, strict=True)
            ]
        for row in found:
            if None in row or int(row["step"]) < 0:
                raise ValueError("no row of a table with steps")
    except (OSError, ValueError, KeyError, csv.Error) as error:
        log.warning("%s: damaged (%s); the curves begin anew", path, error)
        return []
    return found


def _has(row: Row, group: str) -> bool:
    return any(column.startswith(group) for column in row)
