"""The tables of a record as W&B shows them: columns and rows of plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lightning.pytorch.loggers import Logger, WandbLogger

__all__ = ["log_tables", "tables"]

Table = tuple[list[str], list[list[Any]]]


def tables(record: Mapping[str, Any]) -> dict[str, Table]:
    """By name: E_sub and E_rel by source (rows) and target; the scores of tasks, as fractions."""
    found: dict[str, Table] = {}
    for name in ("e_sub", "e_rel"):
        matrix = record.get(name)
        if matrix:
            targets = list(next(iter(matrix.values())))
            found[name] = ["source", *targets], [[source, *map(row.get, targets)] for source, row in matrix.items()]
    if record.get("tasks"):
        plain = [_plain(task) for task in record["tasks"]]
        columns = list(dict.fromkeys(key for row in plain for key in row))
        found["tasks"] = columns, [[row.get(column) for column in columns] for row in plain]
    return found


def log_tables(loggers: Iterable[Logger], record: Mapping[str, Any], step: int) -> None:
    """Every table of a record to W&B, its score to all."""
    for logger in loggers:
        logger.log_metrics({"score": float(record["score"])}, step)
        if isinstance(logger, WandbLogger):
            for name, (columns, rows) in tables(record).items():
                logger.log_table(name, columns=columns, data=rows, step=step)
        logger.save()


def _plain(entry: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    """The texts and numbers of an entry by dotted key."""
    found: dict[str, Any] = {}
    for key, value in entry.items():
        if isinstance(value, Mapping):
            found |= _plain(value, f"{above}{key}.")
        elif value is None or isinstance(value, str | int | float):
            found[f"{above}{key}"] = value
    return found
