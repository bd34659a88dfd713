"""What the tests have other processes do with a store; started anew, they share nothing but its files."""

from __future__ import annotations

import os
import shutil
import threading
import time
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier, Event
from pathlib import Path

from deltalab.store.store import Store

KIND, FACTS = "solution", {"task": "movies", "seed": 1}
FOREVER = 60.0  # longer than any test waits


def race(root: Path, source: Path, log: Path, start: Barrier) -> None:
    """Find or make, and note it in a log when made."""
    store = Store(root)
    start.wait()
    with store.lock(KIND, FACTS):
        if store.find(KIND, FACTS) is None:
            with log.open("a") as file:
                file.write(f"{os.getpid()}\n")
            time.sleep(0.5)  # the other has every chance to do the same
            store.publish(KIND, FACTS, source)


def hold(root: Path, out: Connection, worker: bool) -> None:
    """Hold the lock for good, perhaps with a forked worker that lives on; tell the worker's process id."""
    with Store(root).lock(KIND, FACTS):
        child = os.fork() if worker else -1
        if child == 0:
            time.sleep(FOREVER)
            os._exit(0)
        out.send(child)
        time.sleep(FOREVER)


def work(root: Path, out: Connection) -> None:
    """Be in a workplace for good; tell its folder once there is something in it."""
    with Store(root).workplace(KIND, FACTS) as folder:
        (folder / "checkpoints").mkdir()
        (folder / "checkpoints" / "last.ckpt").write_bytes(b"x" * 1500)
        out.send(folder)
        time.sleep(FOREVER)


def publish_slowly(root: Path, source: Path, half: Event, go: Event) -> None:
    """Publish, but stop after the first file until told to go on."""
    copy, store = shutil.copyfile, Store(root)

    def slow(one: Path, other: Path) -> None:
        copy(one, other)
        half.set()
        go.wait(FOREVER)

    shutil.copyfile = slow
    with store.lock(KIND, FACTS):
        store.publish(KIND, FACTS, source)


def replace_again_and_again(root: Path, sources: list[Path], times: int) -> None:
    """Publish the sources in turn."""
    for index in range(times):
        Store(root).publish(KIND, FACTS, sources[index % len(sources)])


def locks_within(store: Store, seconds: float) -> bool:
    """Whether the lock can be had in time."""
    got = threading.Event()

    def take() -> None:
        with store.lock(KIND, FACTS):
            got.set()

    threading.Thread(target=take, daemon=True).start()
    return got.wait(seconds)
