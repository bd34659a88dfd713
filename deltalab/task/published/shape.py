"""What a row of a task needs before its text is made: marks, rounding, joined lists, several answers."""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, final

__all__ = ["SHAPES", "Shaped"]

Row = Mapping[str, Any]


@final
@dataclass(frozen=True)
class Shaped:
    """The values that a text is made of; `outputs` where a label word is not the answer; the group of the row."""

    values: Row
    outputs: tuple[str, ...] | None = None
    group: str | None = None


def _stsb(row: Row, published: bool, train: bool) -> list[Shaped]:
    """Similarity to the nearest fifth; the published code meant that and rounded to the nearest tenth."""
    value = float(row["label"])
    return [Shaped(row, (str(round(value, 1)) if published else f"{round(value * 5) / 5:.1f}",))]


def _multirc(row: Row, published: bool, train: bool) -> list[Shaped]:
    """Without markup; the answers to a question are a group."""
    texts = {name: _unmarked(row[name]) for name in ("question", "answer", "paragraph")}
    return [Shaped({**row, **texts}, None, f"{row['idx']['paragraph']}/{row['idx']['question']}")]


def _unmarked(text: str) -> str:
    return re.sub("</?b>", "", text.replace("<br>", " "))


def _wsc(row: Row, published: bool, train: bool) -> list[Shaped]:
    """Both spans marked; the marks of the first are two more words before the second."""
    first, second = int(row["span1_index"]), int(row["span2_index"])
    text = _marked(row["text"], row["span1_text"], first, "*")
    text = _marked(text, row["span2_text"], second + 2 * (first < second), "#")
    return [Shaped({**row, "text": text})]


def _marked(text: str, span: str, index: int, mark: str) -> str:
    return re.sub(rf"^((?:\S+\s){{{index}}})({re.escape(span)})", rf"\1{mark} \2 {mark}", text)


def _record(row: Row, published: bool, train: bool) -> list[Shaped]:
    """One row a query with all its answers; as published one row an answer, in every split."""
    passage = re.sub(r"([.?!\"'])\n@highlight\n", r"\1 ", row["passage"]).replace("\n@highlight\n", ". ")
    values = {**row, "passage": passage, "entities": ", ".join(row["entities"])}
    answers = tuple(dict.fromkeys(row["answers"]))
    if not published:
        return [Shaped(values, answers)] if answers else []
    first = [Shaped(values, (answer, *(other for other in answers if other != answer))) for answer in answers]
    return first or [Shaped(values, ("<unk>",))]


def _squad(row: Row, published: bool, train: bool) -> list[Shaped]:
    """All acceptable answers; the published texts have spaces around punctuation."""
    answers = tuple(dict.fromkeys(row["answers"]["text"]))
    if not published:
        return [Shaped(row, answers)]
    texts = {name: _spaced(row[name]) for name in ("question", "context")}
    return [Shaped({**row, **texts}, tuple(_spaced(answer) for answer in answers))]


def _spaced(text: str) -> str:
    return re.sub(r"\s{2,}", " ", re.sub(rf"([{re.escape(string.punctuation)}])", r" \1 ", text))


def _webnlg(row: Row, published: bool, train: bool) -> list[Shaped]:
    """A set of triples with all texts that were judged good, seen or unseen; as published one train row a text."""
    triples = row["modified_triple_sets"]["mtriple_set"][0]
    comments, texts = row["lex"]["comment"], row["lex"]["text"]
    good = tuple(text for comment, text in zip(comments, texts, strict=True) if comment in ("good", ""))
    values = {"triples": "".join(f"({triple})" for triple in triples)}
    outputs = [(text,) for text in good] if published and train else [good] if good else []
    part = "seen" if row["category"] in _SEEN else "unseen"
    return [Shaped(values, one, f"{part}/{row['category']}/{row['size']}/{row['eid']}") for one in outputs]


_SEEN = {
    "Airport",
    "Artist",
    "Astronaut",
    "Athlete",
    "Building",
    "CelestialBody",
    "City",
    "ComicsCharacter",
    "Company",
    "Food",
    "MeanOfTransportation",
    "Monument",
    "Politician",
    "SportsTeam",
    "University",
    "WrittenWork",
}
"""The categories of WebNLG 2020 that its train split has."""


SHAPES: Mapping[str, Callable[[Row, bool, bool], list[Shaped]]] = {
    "stsb": _stsb,
    "multirc": _multirc,
    "wsc": _wsc,
    "record": _record,
    "squad": _squad,
    "webnlg": _webnlg,
}
"""By name in the table: (row, as published, of the train split) to the rows it makes."""
