"""From records to the files that were asked for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from deltalab.atomic import atomic
from deltalab.errors import UserError
from deltalab.report.page.export import as_csv, as_latex
from deltalab.report.page.leaderboard import leaderboard
from deltalab.report.page.page import page
from deltalab.report.page.run import Run, read, record_files

__all__ = ["publish"]


def publish(places: Sequence[Path], html: Path | None, csv: Path | None, latex: Path | None) -> list[str]:
    """Write a page, a CSV file and a LaTeX table of the records at these places; a line for all that was left out.

    Raises `UserError` where no record is left, or a file cannot be written.
    """
    runs, left_out = _read(record_files(places))
    rows = leaderboard(runs)
    if html is not None:
        _write(html, page(runs, html, left_out), "-o")
    if csv is not None:
        _write(csv, as_csv(rows, csv), "--csv")
    if latex is not None:
        _write(latex, as_latex(rows), "--latex")
    return left_out


def _read(paths: Sequence[Path]) -> tuple[list[Run], list[str]]:
    runs, left_out = [], []
    for path in paths:
        try:
            runs.append(read(path))
        except UserError as error:
            left_out.append(str(error))
    if not runs:
        more = f" (and {len(left_out) - 1} more records)" if left_out[1:] else ""
        raise UserError(left_out[0] + more)
    return runs, left_out


def _write(path: Path, text: str, option: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic(path) as part:
            part.write_bytes(text.encode("utf-8", errors="replace"))  # JSON can hold halves of letters
    except OSError as error:
        raise UserError(f"{option} {path}: cannot be written ({error.strerror})") from error
