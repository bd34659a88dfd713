"""Rows before their texts are made, by hand."""

from __future__ import annotations

import pytest

from deltalab.task.published.shape import SHAPES


@pytest.mark.parametrize(
    ("label", "mended", "published"),
    [(0.0, "0.0", "0.0"), (2.07, "2.0", "2.1"), (3.75, "3.8", "3.8"), ("4.333", "4.4", "4.3"), (5.0, "5.0", "5.0")],
)
def test_similarity_is_rounded_to_fifths_and_was_to_tenths(label: object, mended: str, published: str):
    assert SHAPES["stsb"]({"label": label}, False, True)[0].outputs == (mended,)
    assert SHAPES["stsb"]({"label": label}, True, True)[0].outputs == (published,)


def test_spans_in_either_order_and_with_signs():
    def text(words: str, first: tuple[int, str], second: tuple[int, str]) -> object:
        row = {"text": words, "span1_index": first[0], "span1_text": first[1]}
        return SHAPES["wsc"]({**row, "span2_index": second[0], "span2_text": second[1]}, False, True)[0].values["text"]

    assert text("He saw Mr. (X) run", (2, "Mr. (X)"), (0, "He")) == "# He # saw * Mr. (X) * run"
    assert text("Ann saw her dog", (0, "Ann"), (2, "her")) == "* Ann * saw # her # dog"


def test_highlights_become_sentences():
    row = {"passage": 'He said "no"\n@highlight\nOne\n@highlight\nTwo.\n@highlight\nEnd', "query": "", "entities": []}
    shaped = SHAPES["record"]({**row, "answers": ["b", "a", "b"]}, False, False)
    assert [one.outputs for one in shaped] == [("b", "a")]
    assert shaped[0].values["passage"] == 'He said "no" One. Two. End'
    assert [one.outputs for one in SHAPES["record"]({**row, "answers": ["b", "a"]}, True, False)] == [
        ("b", "a"),
        ("a", "b"),
    ]
    assert [one.outputs for one in SHAPES["record"]({**row, "answers": []}, True, False)] == [("<unk>",)]
    assert SHAPES["record"]({**row, "answers": []}, False, False) == []


def test_texts_of_triples_that_were_judged_good():
    row = {
        "category": "City",
        "size": 2,
        "eid": "Id7",
        "modified_triple_sets": {"mtriple_set": [["A | b | C", "A | d | E"]]},
        "lex": {"comment": ["good", "bad", ""], "text": ["one", "two", "three"]},
    }
    shaped = SHAPES["webnlg"](row, False, True)
    assert [(one.values["triples"], one.outputs) for one in shaped] == [("(A | b | C)(A | d | E)", ("one", "three"))]
    assert [one.outputs for one in SHAPES["webnlg"](row, True, True)] == [("one",), ("three",)]
    assert [one.outputs for one in SHAPES["webnlg"](row, True, False)] == [("one", "three")]
    assert SHAPES["webnlg"]({**row, "lex": {"comment": ["bad"], "text": ["two"]}}, False, False) == []
    assert [one.group for one in SHAPES["webnlg"](row, True, True)] == 2 * ["seen/City/2/Id7"]
    assert SHAPES["webnlg"]({**row, "category": "Film"}, False, False)[0].group == "unseen/Film/2/Id7"
