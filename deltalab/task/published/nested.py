"""Rows out of files that nest them: questions below passages, spans below targets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

__all__ = ["FLAT"]

Row = dict[str, Any]


def _squad(found: Row) -> Iterator[Row]:
    """A row for each question of a file of SQuAD 1.1, which is one object."""
    for article in found["data"]:
        for paragraph in article["paragraphs"]:
            for one in paragraph["qas"]:
                texts = [answer["text"] for answer in one["answers"]]
                yield {"context": paragraph["context"], "question": one["question"], "answers": {"text": texts}}


def _multirc(row: Row) -> Iterator[Row]:
    """A row for each answer of each question of a paragraph."""
    for question in row["passage"]["questions"]:
        for answer in question["answers"]:
            yield {
                "paragraph": row["passage"]["text"],
                "question": question["question"],
                "answer": answer["text"],
                "label": answer["label"],
                "idx": {"paragraph": row["idx"], "question": question["idx"], "answer": answer["idx"]},
            }


def _record(row: Row) -> Iterator[Row]:
    """A row for each query about a passage; entities and answers each once, in the order of the text."""
    text = row["passage"]["text"]
    spans = sorted(row["passage"]["entities"], key=lambda span: span["start"])
    entities = list(dict.fromkeys(text[span["start"] : span["end"] + 1] for span in spans))
    for one in row["qas"]:
        answers = list(dict.fromkeys(answer["text"] for answer in one["answers"]))
        yield {"passage": text, "query": one["query"], "entities": entities, "answers": answers}


def _wsc(row: Row) -> Iterator[Row]:
    yield {**row, **row["target"]}


FLAT: Mapping[str, Callable[[Row], Iterator[Row]]] = {
    "multirc": _multirc,
    "record": _record,
    "wsc": _wsc,
    "squad": _squad,
}
"""What makes rows of an object in a file, by the name of a shape."""
