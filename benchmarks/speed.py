"""What the benchmarks measured, as a table of the documentation.

    python -m benchmarks.speed benchmarks/results/tiny_cpu.json

prints it: multiples are medians of the rounds of one run, their least and most in brackets.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

__all__ = ["main", "markdown"]


def markdown(content: Mapping[str, Any]) -> str:
    """A line for each figure that is a multiple, measurement by measurement."""
    figures = [figure for one in content["measurements"].values() for figure in one["figures"]]
    lines = [f"| {_told(one)} | {_multiple(one['ratio'])} |" for one in figures if one["ratio"] is not None]
    return "\n".join(["| what | multiple |", "|---|---:|", *lines]) + "\n"


def _told(figure: Mapping[str, Any]) -> str:
    rows = [f"{value} {name}" for name, value in figure["settings"].items() if name.startswith("rows")]
    model = ["deep model"] if figure["size"] == "deep" else []
    return ", ".join([str(figure["what"]), *rows, *model])


def _multiple(ratio: Mapping[str, float]) -> str:
    spread = f" ({ratio['least']:.3g} to {ratio['most']:.3g})" if ratio["rounds"] > 1 else ""
    return f"{ratio['median']:.3g}{spread}"


def main(words: Sequence[str] | None = None) -> None:
    """Print the table of each record."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    options.add_argument("record", nargs="+", type=Path)
    for path in options.parse_args(words).record:
        print(markdown(json.loads(path.read_text())), end="")


if __name__ == "__main__":
    main()
