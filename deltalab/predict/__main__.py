"""Texts in, answers out: `python -m deltalab.predict SOLUTION --text TEXT | --file FILE`, or lines of stdin.

Answers are JSON lines with `input` and `answer`, on stdout or in the file of `--out`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import torch

from deltalab.atomic import atomic
from deltalab.backbone.load import DTYPES
from deltalab.errors import UserError
from deltalab.interop.opened import open_solution
from deltalab.interop.quiet import quiet
from deltalab.predict.predictor import Prediction, Predictor
from deltalab.predict.texts import from_file, from_lines
from deltalab.trust import trust

__all__ = ["main"]


def main(words: Sequence[str] | None = None) -> int:
    """The command: 0, or 2 and one line for a user's mistake."""
    options = _parser().parse_args(words)
    quiet()
    try:
        trust(options.allow)
        _predict(options)
    except UserError as error:
        print(f"error: {' '.join(str(error).split())}", file=sys.stderr)  # noqa: T201
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deltalab.predict", description=__doc__)
    parser.add_argument("solution", type=Path, metavar="SOLUTION", help="the folder of a solution: runs/.../solution")
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--text", action="append", metavar="TEXT", help="an input; may be given several times")
    source.add_argument("--file", type=Path, help=".txt (a line each), .tsv (first column) or .jsonl (`input`)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="default: stdout")
    parser.add_argument("--scores", action="store_true", help="log p of every label, too")
    parser.add_argument("--labels", metavar="A,B", help="choose among these; default: the labels of the task")
    parser.add_argument("--generate", action="store_true", help="generate text even where the task has labels")
    parser.add_argument("--batch-size", type=int, default=32, metavar="N")
    parser.add_argument("--backbone", metavar="PLACE", help="folder or hub id; default: the one the run used")
    parser.add_argument(
        "--allow", action="append", default=[], metavar="PACKAGE", help="of your own, with a delta in it"
    )
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--dtype", default="float32", choices=sorted(DTYPES))
    return parser


def _predict(options: argparse.Namespace) -> None:
    if options.batch_size < 1:
        raise UserError(f"--batch-size {options.batch_size}: must be at least 1")
    if options.generate and (options.scores or options.labels):
        raise UserError("--generate: leaves labels out; give it without --labels and --scores")
    if options.out is not None and not options.out.parent.is_dir():
        raise UserError(f"--out {options.out}: no folder {options.out.parent}")
    texts = iter(options.text) if options.text else from_file(options.file) if options.file else from_lines(sys.stdin)
    predictor = _predictor(options)
    if options.scores and not predictor.labels:
        raise UserError("--scores: this task has no label set; give --labels A,B")
    lines = (_line(one, options.scores) for one in predictor(texts, options.batch_size))
    if options.out is None:
        _print(lines)
        return
    with atomic(options.out) as part, part.open("w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)


def _predictor(options: argparse.Namespace) -> Predictor:
    opened = open_solution(options.solution, options.backbone, options.dtype)
    try:
        opened.backbone.model.to(options.device)
    except (RuntimeError, AssertionError) as error:
        raise UserError(f"--device {options.device}: {str(error).splitlines()[0]}") from error
    return Predictor(opened, [] if options.generate else _labels(options.labels))


def _labels(given: str | None) -> list[str] | None:
    labels = None if given is None else given.split(",")
    if labels is not None and (not all(labels) or len(set(labels)) < len(labels)):
        raise UserError(f"--labels {given}: name each label once, as in negative,positive")
    return labels


def _line(one: Prediction, with_scores: bool) -> str:
    scores = {"scores": one.scores} if with_scores else {}
    return json.dumps({"input": one.input, "answer": one.answer, **scores}, ensure_ascii=False)


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    raise SystemExit(main())
