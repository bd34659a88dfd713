"""Values outside a closed list are refused in one line, the nearest members first."""

from __future__ import annotations

import pytest

from deltalab.errors import UserError, member, nearest, one_of, unknown

COLOURS = ("red", "green", "blue")


def test_the_line_names_the_value_what_is_allowed_and_where():
    assert str(unknown("colour", "gren", COLOURS, "wall.paint")) == (
        "wall.paint: unknown colour 'gren'; did you mean green or red? allowed: blue, green, red"
    )


def test_what_is_like_nothing_gets_no_guess():
    assert str(unknown("colour", "x", COLOURS, "wall")) == "wall: unknown colour 'x'; allowed: blue, green, red"
    assert nearest("x", COLOURS) == []


def test_the_nearest_come_best_first_and_no_more_than_asked():
    assert nearest("greed", ["agreed", "red", "green"], count=2) == ["agreed", "green"]


@pytest.mark.parametrize("value", COLOURS)
def test_a_member_passes(value):
    one_of("colour", value, COLOURS, "wall")


@pytest.mark.parametrize("allowed", [COLOURS, set(COLOURS), dict.fromkeys(COLOURS)])
def test_no_other_does(allowed):
    with pytest.raises(UserError, match=r"^wall: unknown colour 'Red'; did you mean red\? allowed: blue, green, red$"):
        one_of("colour", "Red", allowed, "wall")


def test_a_table_gives_its_entry_or_the_line():
    assert member("colour", "red", {"red": 7}, "wall") == 7
    with pytest.raises(UserError, match=r"^wall: unknown colour 'rod'; did you mean red\?"):
        member("colour", "rod", {"red": 7}, "wall")
