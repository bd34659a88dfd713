"""A folder appears whole or not at all."""

from __future__ import annotations

import pytest

from deltalab.errors import UserError
from deltalab.interop.folder import whole_folder


def test_it_appears_when_all_is_there(tmp_path):
    with whole_folder(tmp_path / "deep" / "out") as part:
        (part / "a").write_text("a")
        assert not (tmp_path / "deep" / "out").exists()
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["out"]
    assert (tmp_path / "deep" / "out" / "a").read_text() == "a"


def test_an_empty_folder_is_filled(tmp_path):
    (tmp_path / "out").mkdir()
    with whole_folder(tmp_path / "out") as part:
        (part / "a").write_text("a")
    assert (tmp_path / "out" / "a").is_file()


def broken(path):
    with whole_folder(path) as part:
        (part / "a").write_text("a")
        raise ValueError("half-way")


def test_nothing_is_left_of_what_fails(tmp_path):
    with pytest.raises(ValueError, match="half-way"):
        broken(tmp_path / "out")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["file", "full"])
def test_what_is_there_is_left_alone(tmp_path, name):
    (tmp_path / "file").write_text("mine")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a").write_text("mine")
    with pytest.raises(UserError, match="is there already"), whole_folder(tmp_path / name):
        pass
    assert (tmp_path / "full" / "a").read_text() == "mine"


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(UserError, match="cannot be written"), whole_folder(tmp_path / "file" / "out"):
        pass
