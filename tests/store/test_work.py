"""Work in progress is kept, work given up is cleared."""

from __future__ import annotations

import os
import threading
import time

import pytest

from deltalab.store.lock import held, tried
from tests.store.processes import FACTS, KIND, locks_within, work

DAY = 86400.0


def backdated(folder, days):
    """The same folder, its files and itself last touched so long ago."""
    for path in (*folder.rglob("*"), folder):
        os.utime(path, (time.time() - days * DAY,) * 2)
    return folder


@pytest.fixture
def left(store, started, context):
    """What a killed process has left in its workplace: 1500 bytes, in a folder below."""
    inward, outward = context.Pipe(duplex=False)
    process = started(work, store.root, outward)
    assert inward.poll(60)
    folder = inward.recv()
    backdated(folder, 30)
    assert store.clear(0) == []  # it is still at it
    assert (folder / "checkpoints" / "last.ckpt").stat().st_size == 1500
    process.kill()
    process.join()
    return folder


def test_work_goes_on_where_it_was_left_and_is_gone_when_done(store, left):
    with store.workplace(KIND, FACTS) as folder:
        assert folder == left
        assert [path.name for path in folder.iterdir()] == ["checkpoints"]
        assert store.clear(0) == []
    assert not left.exists()


def test_only_what_nobody_has_touched_for_long_is_cleared(store, left):
    assert store.clear(31) == []
    (left / "checkpoints" / "last.ckpt").touch()
    assert store.clear(1) == []
    backdated(left, 2)
    assert store.clear(1) == [(f"work {left.name}", 1500)]
    assert not left.exists()
    assert store.clear(0) == []


def test_clearing_is_no_hindrance_to_a_run_that_starts(store, left):
    store.clear(1)
    with store.lock(KIND, FACTS), store.workplace(KIND, FACTS) as folder:
        assert list(folder.iterdir()) == []
    assert locks_within(store, 10)


def test_prune_clears_after_a_week_or_what_it_is_told(command, left):
    done = f"removed work {left.name}, 1.5 kB"
    backdated(left, 6)
    assert command("prune")[1] == ["nothing to remove"]
    assert command("prune", "--work-older-than=7")[1] == ["nothing to remove"]
    assert command("prune", "--work-older-than=5")[1] == [done, "freed 1.5 kB"]
    left.mkdir()
    backdated(left, 8)
    assert command("prune")[1][0] == f"removed work {left.name}, 0 bytes"


def test_a_shared_lock_is_had_by_several_but_not_beside_one_alone(tmp_path):
    path = tmp_path / "lock"
    entered = threading.Event()

    def other() -> None:
        with held(path, shared=True):
            entered.set()

    with held(path, shared=True):
        thread = threading.Thread(target=other, daemon=True)
        thread.start()
        assert entered.wait(10)
        thread.join(10)
        with tried(path) as free:
            assert not free
    with tried(path) as free, tried(path) as again:
        assert (free, again) == (True, False)
