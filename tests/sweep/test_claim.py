"""One sweep at a time in a folder."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import pytest

from deltalab.errors import UserError
from deltalab.sweep.claim import claimed, in_work


def test_a_folder_is_in_work_while_it_is_claimed(tmp_path):
    folder = tmp_path / "new" / "sweep"
    assert not in_work(folder)
    with claimed(folder):
        assert in_work(folder)
        with pytest.raises(UserError, match="is in work there"), claimed(folder):
            pass
        assert in_work(folder)
    assert not in_work(folder)


def test_whoever_inherits_a_claim_holds_it(tmp_path):
    with claimed(tmp_path) as claim:
        child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=[claim])
    assert in_work(tmp_path)
    child.communicate(b"\n")
    assert not in_work(tmp_path)


def test_one_who_only_looks_does_not_stand_in_the_way(tmp_path):
    with claimed(tmp_path):
        pass
    until = time.monotonic() + 1.0

    def look():
        while time.monotonic() < until:
            in_work(tmp_path)

    looking = threading.Thread(target=look)
    looking.start()
    while time.monotonic() < until:
        with claimed(tmp_path):
            pass
    looking.join()


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    with (
        pytest.raises(UserError, match=r"hydra.sweep.dir=.*file/sweep: cannot be written"),
        claimed(tmp_path / "file" / "sweep"),
    ):
        pass
