"""HTML as a tree."""

from __future__ import annotations

import math

from deltalab.report.page.element import node, number, written

from .records import Seen

EVIL = "<script>alert(1)</script>&amp;\"'><img src=x onerror=alert(1)>"


def test_texts_and_attributes_come_back_as_they_were():
    text = written(node("p", {"title": EVIL}, EVIL, node("b", None, EVIL), EVIL))
    seen = Seen(text)
    assert [tag for tag, _ in seen.tags] == ["p", "b"]
    assert seen.tags[0][1] == {"title": EVIL}


def test_parts_stand_in_their_order():
    assert written(node("p", None, "a", None, node("b", None, "c"), "d", "e", node("i"), "f")) == (
        "<!DOCTYPE html>\n<p>a<b>c</b>de<i></i>f</p>\n"
    )


def test_what_is_not_finite_is_not_sorted_as_a_number():
    assert [number("x", "", value).get("data-value") for value in (0.5, 0.0, None, math.nan, math.inf)] == [
        "0.5",
        "0.0",
        "",
        "",
        "",
    ]
