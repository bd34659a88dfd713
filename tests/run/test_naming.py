"""Names of runs stay inside the folders they are used in."""

from __future__ import annotations

from pathlib import Path

import pytest

from deltalab.errors import UserError
from deltalab.run.naming import refuse_name


@pytest.mark.parametrize("name", ["lora", "a b", "lora..2", "...", "name=1", "{x}"])
def test_a_name_of_one_folder_is_taken(name):
    assert Path("jobs", f"{name}-seed1").resolve().parent == Path("jobs").resolve()
    assert Path("jobs", name).resolve().parent == Path("jobs").resolve()
    refuse_name(name)


@pytest.mark.parametrize("name", ["", None, 3, ".", "..", "/", "../x", "a/b", "/etc", "a\\..\\b", "a\nb", "a\0b"])
def test_another_is_refused_in_one_line_that_says_what_is_allowed(name):
    with pytest.raises(UserError, match=r"(?s)^name=.*: (must be a text|a folder goes by it; allowed: )"):
        refuse_name(name)
