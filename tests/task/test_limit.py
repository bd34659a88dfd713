"""Row caps as samples."""

from collections import Counter

import pytest

from deltalab.errors import UserError
from deltalab.task.example import Example
from deltalab.task.limit import Limit

ROWS = tuple(Example(str(row), ("x",)) for row in range(20))


def test_none_and_large_caps_keep_everything():
    assert Limit().take("train", ROWS) == ROWS
    assert Limit(train=20).take("train", ROWS) == Limit(train=99).take("train", ROWS) == ROWS


def test_every_row_is_as_likely():
    counts = Counter(row.input for seed in range(2000) for row in Limit(dev=5, seed=seed).take("dev", ROWS))
    assert len(counts) == 20
    assert all(400 < count < 600 for count in counts.values())  # 500 expected, deviation 19


def test_splits_draw_apart():
    limit = Limit(train=10, dev=10)
    assert limit.take("train", ROWS) != limit.take("dev", ROWS)


def test_a_number_is_no_mapping():
    with pytest.raises(UserError, match=r"^task\.limit: '100' is not allowed; .*task\.limit\.dev=1000"):
        Limit.of(100)  # type: ignore[arg-type]


def test_a_negative_seed_is_refused():
    with pytest.raises(UserError, match=r"task\.seed: '-1' is not allowed"):
        Limit.of({}, -1)


def test_groups_are_drawn_whole():
    rows = [Example(str(row), ("yes",), str(row // 4)) for row in range(40)]
    kept = Limit(dev=10).take("dev", rows)
    assert [len([row for row in rows if row.group == group]) for group in {row.group for row in kept}] == [4, 4]
    assert len(kept) == 8
    assert [int(row.input) for row in kept] == sorted(int(row.input) for row in kept)
