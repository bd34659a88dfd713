"""Measure and print: `python -m benchmarks --help`."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import torch

from benchmarks import ceiling, grouped, lora_step, memory, mixed, packed, reload
from benchmarks.figure import Figure
from benchmarks.models import SIZES
from benchmarks.record import print_table, record
from benchmarks.settings import Settings, Skipped
from deltalab.report.record import write_json

MEASUREMENTS: dict[str, Callable[[Settings], list[Figure]]] = {
    "lora": lora_step.measure,
    "grouped": grouped.measure,
    "packed": packed.measure,
    "mixed": mixed.measure,
    "memory": memory.measure,
    "reload": reload.measure,
    "ceiling": ceiling.measure,
}


def main(words: Sequence[str] | None = None) -> None:
    """Run the measurements asked for, print the table, write the record where a file is named."""
    options, started = _options(words), time.perf_counter()
    settings = _settings(options)
    torch.set_num_threads(settings.threads)
    figures: dict[str, list[Figure]] = {}
    skipped: dict[str, str] = {}
    for name in options.only or MEASUREMENTS:
        try:
            figures[name] = MEASUREMENTS[name](settings)
        except Skipped as reason:
            skipped[name] = str(reason)
    content = record(settings, figures, skipped, time.perf_counter() - started)
    print_table(content)
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        write_json(options.out, content)


def _settings(options: argparse.Namespace) -> Settings:
    cuda = options.device == "cuda"
    return Settings(
        sizes=tuple(options.size or (("base", "large") if cuda else ("tiny", "mid"))),
        device=options.device,
        dtype=options.dtype or ("bfloat16" if cuda else "float32"),
        threads=options.threads,
        repeats=options.repeats,
        compile=options.compile,
    )


def _options(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=MEASUREMENTS, metavar="NAME", help=f"of {', '.join(MEASUREMENTS)}")
    parser.add_argument("--size", nargs="+", choices=SIZES, help="cpu: tiny mid; cuda: base large")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--repeats", type=int, default=9, help="rounds of each comparison")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--dtype", choices=("float32", "bfloat16"), help="cpu: float32; cuda: bfloat16")
    parser.add_argument("--compile", action="store_true", help="compile the backbone in every measurement")
    parser.add_argument("--out", type=Path, help="write a record, such as benchmarks/results/cpu.json")
    return parser.parse_args(words)


if __name__ == "__main__":
    main()
