"""How a row becomes the two texts a model sees, and how a generated text becomes an answer."""

from __future__ import annotations

import string
from dataclasses import dataclass
from typing import final

from deltalab.errors import UserError, unknown

__all__ = ["Template"]


@final
@dataclass(frozen=True)
class Template:
    """Patterns with the places `{task}` and `{input}` for the model's input, `{task}` and `{output}` for its target.

    The published systems used `input=" [{task}] {input}"` and `output="<extra_id_0>{output}"`. Raises `UserError` for
    an unknown place, a brace that is not closed, or a pattern without `{input}` (`{output}`).
    """

    input: str = "{input}"
    output: str = "{output}"

    def __post_init__(self) -> None:
        _check(self.input, "input")
        _check(self.output, "output")

    def source(self, task: str, text: str) -> str:
        """The model's input for a row's input `text`."""
        return self.input.format(task=task, input=text)

    def target(self, task: str, answer: str) -> str:
        """The text the model has to produce for `answer`."""
        return self.output.format(task=task, output=answer)

    def answer(self, task: str, text: str) -> str:
        """The inverse of `target`: generated text without the pattern's own words, outer whitespace stripped."""
        before, _, after = self.output.partition("{output}")
        before, after = (part.format(task=task).strip() for part in (before, after))
        text = text.strip().removeprefix(before)
        return (text.removesuffix(after) if after else text).strip()


def _check(pattern: str, needed: str) -> None:
    where, allowed = f"template.{needed}", ("task", needed)
    try:
        places = [place for _, place, _, _ in string.Formatter().parse(pattern) if place is not None]
    except ValueError as error:
        raise UserError(f"{where}: '{pattern}' is malformed ({error}); write a brace itself as {{{{ or }}}}") from error
    for place in places:
        if place not in allowed:
            raise unknown("place", f"{{{place}}}", [f"{{{name}}}" for name in allowed], where)
    if places.count(needed) != 1:
        raise UserError(f"{where}: '{pattern}' must hold {{{needed}}} exactly once")
