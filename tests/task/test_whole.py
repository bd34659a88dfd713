"""Whole numbers that a user types."""

import pytest

from deltalab.errors import UserError
from deltalab.task.whole import whole


def test_passes_whole_numbers():
    assert whole(3, 3, "here") == 3


@pytest.mark.parametrize("value", [2, -1, 3.0, "3", None, True])
def test_refuses_the_rest(value: object):
    with pytest.raises(UserError, match=rf"^here: '{value}' is not allowed; allowed: a whole number of at least 3$"):
        whole(value, 3, "here")
