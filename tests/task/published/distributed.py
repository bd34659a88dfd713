"""Small files in the forms that the collections are distributed in, written from memory of their documentation."""

from __future__ import annotations

import json
from pathlib import Path

GLUE = {
    "CoLA": (None, "gj04\t{label}\t*\tSentence {row}."),
    "SST-2": ("sentence\tlabel", 'sentence "{row} \t{label}'),
    "MRPC": ("Quality\t#1 ID\t#2 ID\t#1 String\t#2 String", "{label}\t1\t2\tOne {row}.\tTwo {row}."),
    "QQP": ("id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate", "{row}\t1\t2\tOne {row}?\tTwo {row}?\t{label}"),
    "STS-B": (
        "index\tgenre\tfilename\tyear\told_index\tsource1\tsource2\tsentence1\tsentence2\tscore",
        "{row}\tg\tf\t2012\t1\tnone\tnone\tOne {row}.\tTwo {row}.\t{row}.35",
    ),
    "MNLI": (
        "index\tpromptID\tpairID\tgenre\tsentence1\tsentence2\tlabel1\tgold_label",
        "{row}\t1\t1n\tfiction\tOne {row}.\tTwo {row}.\tneutral\t{three}",
    ),
    "QNLI": ("index\tquestion\tsentence\tlabel", "{row}\tOne {row}?\tTwo {row}.\t{entailed}"),
    "RTE": ("index\tsentence1\tsentence2\tlabel", "{row}\tOne {row}.\tTwo {row}.\t{entailed}"),
    "WNLI": ("index\tsentence1\tsentence2\tlabel", "{row}\tOne {row}.\tTwo {row}.\t{label}"),
}


def glue(root: Path, rows: int = 20) -> Path:
    """Every folder of GLUE, labels in turn."""
    for name, (header, line) in GLUE.items():
        (root / name).mkdir(parents=True)
        for split in ("train", "dev_matched" if name == "MNLI" else "dev"):
            lines = [] if header is None else [header]
            for row in range(rows):
                three = ("entailment", "neutral", "contradiction")[row % 3]
                entailed = ("entailment", "not_entailment")[row % 2]
                text = line.format(
                    row=row % 5 if name == "STS-B" else row, label=row % 2, three=three, entailed=entailed
                )
                lines.append(text)
            (root / name / f"{split}.tsv").write_text("\n".join(lines) + "\n")
    return root


def superglue_row(name: str, row: int) -> dict[str, object]:
    """One object of a file of SuperGLUE."""
    paragraph = {
        "text": f"<b>Sent 1: </b>It rained {row}.<br>It stopped.",
        "questions": [
            {
                "question": f"Did it {what}?",
                "idx": 2 * row + place,
                "answers": [
                    {"text": f"Yes {word}", "idx": 10 * row + 3 * place + word, "label": (row + word) % 2}
                    for word in range(3)
                ],
            }
            for place, what in enumerate(("rain", "stop"))
        ],
    }
    news = {
        "text": f"Ann met Bob {row}.\n@highlight\nBob left\n@highlight\nAnn stayed",
        "entities": [
            {"start": 8, "end": 10},
            {"start": 0, "end": 2},
            {"start": len(f"Ann met Bob {row}.\n@highlight\n"), "end": len(f"Ann met Bob {row}.\n@highlight\n") + 2},
        ],
    }
    query = {
        "query": "@placeholder left",
        "idx": row,
        "answers": [
            {"start": 8, "end": 10, "text": "Bob"},
            {"start": 31, "end": 33, "text": "Bob"},
            {"start": 0, "end": 2, "text": "Ann"},
        ],
    }
    spans = {"span1_index": 1, "span1_text": "trophy", "span2_index": 5, "span2_text": "it"}
    return {
        "BoolQ": {"question": f"is it {row}", "passage": "It is.", "label": row % 2 == 1},
        "CB": {"premise": f"P {row}", "hypothesis": "H", "label": ("entailment", "contradiction", "neutral")[row % 3]},
        "COPA": {"premise": f"P {row}.", "choice1": "A.", "choice2": "B.", "question": "cause", "label": row % 2},
        "MultiRC": {"idx": row, "version": 1.1, "passage": paragraph},
        "ReCoRD": {"source": "Daily mail", "passage": news, "idx": row, "qas": [query]},
        "RTE": {"premise": f"P {row}", "hypothesis": "H", "label": ("entailment", "not_entailment")[row % 2]},
        "WiC": {"word": "bank", "sentence1": f"S {row}", "sentence2": "T", "label": row % 2 == 1, "start1": 0},
        "WSC": {"text": "The trophy fits not because it is big.", "target": spans, "label": row % 2 == 1},
    }[name]


SUPERGLUE = ("BoolQ", "CB", "COPA", "MultiRC", "ReCoRD", "RTE", "WiC", "WSC")


def superglue(root: Path, rows: int = 20) -> Path:
    """Every folder of SuperGLUE, labels in turn."""
    for name in SUPERGLUE:
        (root / name).mkdir(parents=True)
        for split in ("train", "val"):
            found = [{"idx": row, **superglue_row(name, row)} for row in range(rows)]
            (root / name / f"{split}.jsonl").write_text("".join(json.dumps(one) + "\n" for one in found))
    return root


def squad(root: Path, rows: int = 20) -> Path:
    """The two files of SQuAD 1.1."""
    root.mkdir(parents=True)
    asked = [
        {
            "id": str(row),
            "question": f"Who, {row}?",
            "answers": [{"text": text, "answer_start": 0} for text in ("St. Ann", "Ann", "St. Ann")],
        }
        for row in range(rows)
    ]
    found = {"version": "1.1", "data": [{"title": "T", "paragraphs": [{"context": "St. Ann did.", "qas": asked}]}]}
    for split in ("train", "dev"):
        (root / f"{split}-v1.1.json").write_text(json.dumps(found))
    return root


def webnlg(root: Path, rows: int = 20) -> Path:
    """Rows as the hub has them, one object a line."""
    root.mkdir(parents=True)
    for split in ("train", "dev"):
        found = [
            {
                "category": ("Astronaut", "Film")[row % 2],
                "size": 2,
                "eid": f"Id{row}",
                "modified_triple_sets": {"mtriple_set": [[f"Ann | age | {row}", "Ann | home | Rome"]]},
                "lex": {"comment": ["good", "bad", ""], "text": ["Good one.", "Bad one.", "Plain one."]},
            }
            for row in range(rows)
        ]
        (root / f"{split}.jsonl").write_text("".join(json.dumps(one) + "\n" for one in found))
    return root
