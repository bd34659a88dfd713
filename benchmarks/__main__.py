"""Measure and print: `python -m benchmarks --help`."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch

from benchmarks import (
    approximation,
    ceiling,
    grouped,
    lora_step,
    memory,
    mixed,
    multitask,
    optimization,
    packed,
    projectors,
    reload,
    search,
    validation,
)
from benchmarks.figure import Figure
from benchmarks.models import SIZES
from benchmarks.record import entry, print_table, same, started
from benchmarks.settings import LIMIT, Settings, Skipped
from deltalab.atomic import write_json
from deltalab.errors import UserError
from deltalab.run.memory import keep_freed

MEASUREMENTS: dict[str, Callable[[Settings], list[Figure]]] = {
    "lora": lora_step.measure,
    "grouped": grouped.measure,
    "packed": packed.measure,
    "mixed": mixed.measure,
    "memory": memory.measure,
    "reload": reload.measure,
    "ceiling": ceiling.measure,
    "approximation": approximation.measure,
    "multitask": multitask.measure,
    "optimization": optimization.measure,
    "validation": validation.measure,
    "projectors": projectors.measure,
    "search": search.measure,
}


def main(words: Sequence[str] | None = None) -> None:
    """Run the measurements asked for, print the table; where a file is named, it holds whatever is done so far."""
    options = _options(words)
    settings = _settings(options)
    torch.set_num_threads(settings.threads)
    keep_freed()  # as the programs do
    try:
        content = started(settings, options.out if options.resume else None)
    except UserError as error:
        print(error, file=sys.stderr)
        raise SystemExit(2) from None
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
    for name in options.only or MEASUREMENTS:
        if same(settings, content["measurements"].get(name)):
            continue
        content["measurements"][name] = _measured(name, settings)
        if options.out:
            write_json(options.out, content)
    print_table(content)


def _measured(name: str, settings: Settings) -> dict[str, Any]:
    begun, figures, skipped = time.perf_counter(), [], None
    try:
        figures = MEASUREMENTS[name](settings)
    except Skipped as reason:
        skipped = str(reason)
    return entry(settings, figures, skipped, time.perf_counter() - begun)


def _settings(options: argparse.Namespace) -> Settings:
    cuda = options.device == "cuda"
    return Settings(
        sizes=tuple(options.size or (("base", "large") if cuda else ("tiny", "mid"))),
        device=options.device,
        dtype=options.dtype or ("bfloat16" if cuda else "float32"),
        threads=options.threads,
        repeats=options.repeats,
        limit=options.limit,
        compile=options.compile,
    )


def _options(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=MEASUREMENTS, metavar="NAME", help=f"of {', '.join(MEASUREMENTS)}")
    parser.add_argument("--size", nargs="+", choices=SIZES, help="cpu: tiny mid; cuda: base large")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--repeats", type=int, default=9, help="rounds of each comparison")
    parser.add_argument(
        "--limit",
        type=_seconds,
        default=LIMIT,
        help=f"seconds for each comparison, its first round included, {LIMIT:g}",
    )
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--dtype", choices=("float32", "bfloat16"), help="cpu: float32; cuda: bfloat16")
    parser.add_argument("--compile", action="store_true", help="compile the backbone in every measurement")
    parser.add_argument("--out", type=Path, help="write a record, such as benchmarks/results/cpu.json")
    parser.add_argument("--resume", action="store_true", help="keep what --out holds under the same settings")
    options = parser.parse_args(words)
    if options.resume and not options.out:
        parser.error("--resume: needs the file, --out")
    return options


def _seconds(word: str) -> float:
    if not 0 < float(word) < float("inf"):
        raise ValueError(word)
    return float(word)


if __name__ == "__main__":
    main()
