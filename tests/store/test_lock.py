"""Locks between real processes, some of which are killed."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from deltalab.errors import UserError
from deltalab.store.lock import held
from tests.store.processes import FACTS, KIND, hold, locks_within, race


def test_two_processes_make_the_work_once(store, source, tmp_path, started, context):
    log, start = tmp_path / "log", context.Barrier(2)
    processes = [started(race, store.root, source, log, start) for _ in range(2)]
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0]
    assert len(log.read_text().splitlines()) == 1
    assert store.find(KIND, FACTS) is not None


@pytest.mark.parametrize("worker", [False, True], ids=["alone", "with a worker that lives on"])
def test_a_killed_holder_lets_go(store, started, context, worker):
    inward, outward = context.Pipe(duplex=False)
    process = started(hold, store.root, outward, worker)
    assert inward.poll(60)
    child = inward.recv()
    try:
        assert not locks_within(store, 0.3)
        process.kill()
        process.join()
        assert locks_within(store, 10)
        if worker:
            os.kill(child, 0)  # it does live on
    finally:
        if worker:
            os.kill(child, signal.SIGKILL)


def test_other_work_is_not_held_up(store):
    with store.lock(KIND, {**FACTS, "seed": 2}), store.lock("subspace", FACTS):
        assert locks_within(store, 10)


def test_threads_exclude_each_other(store):
    with store.lock(KIND, FACTS):
        assert not locks_within(store, 0.3)
    assert locks_within(store, 10)


def test_the_holder_may_ask_again_and_still_holds(store):
    with store.lock(KIND, FACTS):
        with store.lock(KIND, dict(reversed(FACTS.items()))):
            assert not locks_within(store, 0.3)
        assert not locks_within(store, 0.3)
    assert locks_within(store, 10)


def test_an_error_inside_lets_go(tmp_path):
    path = tmp_path / "locks" / "one"
    with pytest.raises(ZeroDivisionError), held(path):
        raise ZeroDivisionError
    got = threading.Event()

    def take():
        with held(path):
            got.set()

    threading.Thread(target=take, daemon=True).start()
    assert got.wait(10)


def test_a_place_without_room_for_a_lock_is_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(UserError, match=r"store: cannot lock .*file/locks/one \(.+\); give a store"),
        held(tmp_path / "file" / "locks" / "one"),
    ):
        raise AssertionError
