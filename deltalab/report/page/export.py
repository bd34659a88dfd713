"""The leaderboard for other programs: CSV with fractions, and a LaTeX table in percent."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable
from pathlib import Path

from deltalab.report.page.leaderboard import Row

__all__ = ["as_csv", "as_latex"]

_COLUMNS = (
    "task",
    "metric",
    "method",
    "stage",
    "test_mean",
    "test_sd",
    "dev_mean",
    "majority",
    "seeds",
    "parameters",
    "ppm",
    "seconds",
    "jobs_in_run",
    "runs",
    "commands",
)
_SPECIAL = {
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "\n": " ",
}


def as_csv(rows: Iterable[Row], page: Path) -> str:
    """A line for each row of the leaderboard; scores as fractions, runs as ways from the folder of `page`."""
    content = io.StringIO()
    writer = csv.writer(content, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for row in rows:
        writer.writerow(
            [
                row.task,
                row.metric,
                row.first.method,
                row.first.run.stage,
                row.mean,
                row.deviation,
                row.dev,
                row.majority,
                " ".join(str(result.seed) for result in row.kept),
                f"{row.parameters:.10g}",
                row.ppm,
                row.seconds,
                row.jobs,
                "\n".join(run.seen_from(page) for run in row.runs),
                "\n".join(run.command or "" for run in row.runs),
            ]
        )
    return content.getvalue()


def as_latex(rows: Iterable[Row]) -> str:
    """A `tabular` of the package booktabs; scores in percent, with the standard deviation where there are seeds."""
    lines = [r"\begin{tabular}{lllrrrr}", r"\toprule"]
    lines += [r"task & metric & method & test (\%) & seeds & parameters & ppm \\", r"\midrule"]
    for row in rows:
        names = [_escaped(name) for name in (row.task, row.metric, row.first.method)]
        spread = "" if row.deviation is None else rf" \pm {100 * row.deviation:.1f}"
        score = f"${100 * row.mean:.1f}{spread}$" if math.isfinite(row.mean) else "undefined"
        size = f"{row.parameters:,.0f}".replace(",", r"\,")
        lines.append(" & ".join([*names, score, str(len(row.kept)), size, f"{row.ppm:.1f}"]) + r" \\")
    return "\n".join([*lines, r"\bottomrule", r"\end{tabular}", ""])


def _escaped(text: str) -> str:
    return "".join(_SPECIAL.get(sign, sign) for sign in text)
