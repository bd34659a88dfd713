"""Metrics by name, and the metric that CrossFit gives each of its tasks."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

from deltalab.errors import UserError, nearest, unknown
from deltalab.task.metric.accuracy import Accuracy
from deltalab.task.metric.bleu import Bleu
from deltalab.task.metric.combined import Combined
from deltalab.task.metric.correlation import Pearson, Spearman
from deltalab.task.metric.group_exact_match import GroupExactMatch
from deltalab.task.metric.label_f1 import LabelF1
from deltalab.task.metric.macro_f1 import MacroF1
from deltalab.task.metric.matthews import Matthews
from deltalab.task.metric.metric import Metric
from deltalab.task.metric.rouge import RougeL
from deltalab.task.metric.squad import QAF1, ExactMatch

__all__ = ["metric_for", "metric_named", "table"]

METRICS: tuple[Metric, ...] = (
    Accuracy(),
    MacroF1(),
    Matthews(),
    Pearson(),
    Spearman(),
    ExactMatch(),
    QAF1(),
    RougeL(),
    Bleu(),
    GroupExactMatch(),
)

ALIASES = {
    "accuracy": "ACC",
    "macro_f1": "Classification-F1",
    "f1": "Classification-F1",
    "mcc": "Matthew-Correlation",
    "matthews": "Matthew-Correlation",
    "matthews_correlation": "Matthew-Correlation",
    "pearson": "Pearson-Correlation",
    "spearman": "Spearman-Correlation",
    "exact_match": "EM",
    "squad_f1": "QA-F1",
    "rouge": "Rouge-L",
}


@cache
def table() -> dict[str, str]:
    """CrossFit's table: task name to metric name, for its 160 tasks."""
    text = files("deltalab.task.metric").joinpath("crossfit.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def metric_named(name: str, where: str = "task.metric") -> Metric:
    """The metric of a CrossFit name or alias, whatever the case, `_` and `-` alike; `UserError` for any other name.

    `F1:LABEL` is the F1 of one label, `A/B` is A with B in its details, `A+B` is their mean.
    """
    for sign in "/+":
        if sign in name:
            return Combined(tuple(metric_named(part, where) for part in name.split(sign)), sign == "+")
    if name.strip().upper().startswith("F1:"):
        return LabelF1(name.strip()[3:].strip())
    by_name = {_key(metric.name): metric for metric in METRICS}
    by_name |= {_key(alias): by_name[_key(target)] for alias, target in ALIASES.items()}
    found = by_name.get(_key(name))
    if found is None:
        raise unknown("metric", name, [metric.name for metric in METRICS] + list(ALIASES), where)
    return found


def metric_for(task: str) -> Metric:
    """The metric CrossFit scores `task` with; `UserError` that lists the metrics for a task outside its table."""
    if task in table():
        return metric_named(table()[task])
    close = nearest(task, table(), 1)
    hint = f" (nearest: {close[0]})" if close else ""
    names = ", ".join(metric.name for metric in METRICS)
    raise UserError(
        f"task '{task}' is not in the CrossFit table{hint}: name its metric, task.metric=...; allowed: {names}"
    )


def _key(name: str) -> str:
    return name.strip().lower().replace("-", "_").replace(" ", "_")
