"""Show the built-in tasks: `python -m deltalab.task.builtin --describe [NAME ...] [--markdown]`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from rich.console import Console

from deltalab.errors import UserError, one_of
from deltalab.task.builtin.card import Card, cards, markdown
from deltalab.task.builtin.make import RECIPES


def main(words: Sequence[str] | None = None) -> int:
    """The command: 0, or 2 and one line for a user's mistake."""
    parser = argparse.ArgumentParser(prog="python -m deltalab.task.builtin", description=__doc__)
    parser.add_argument("--describe", nargs="*", metavar="NAME", required=True, help="these tasks; none named: all")
    parser.add_argument("--markdown", action="store_true", help="print the table of the documentation")
    options = parser.parse_args(words)
    try:
        for name in options.describe:
            one_of("built-in task", name, RECIPES, "--describe")
        found = list(cards(options.describe))
    except UserError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    if options.markdown:
        print(markdown(found), end="")  # noqa: T201
    else:
        _show(found)
    return 0


def _show(found: Sequence[Card]) -> None:
    console, group = Console(highlight=False), ""
    for card in found:
        if card.group != group:
            group = card.group
            console.print(f"\n[bold]{group}[/bold]")
        answers = "free text" if card.labels is None else f"{card.labels} labels"
        bag = "" if card.bag_of_words is None else f", bag of words {card.bag_of_words:.0f}"
        sizes = " / ".join(f"{size:,}" for size in card.sizes)
        console.print(f"  {card.name}: {card.metric}, {answers}, majority {card.majority:.0f}{bag}, {sizes} rows")
        console.print(f"    {card.input}  ->  {card.output}", style="dim", markup=False)


if __name__ == "__main__":
    raise SystemExit(main())
