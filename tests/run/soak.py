"""Kill real runs of every stage at random moments, start them again, and compare with runs that nobody killed.

`make soak` kills until every stage has been hit often enough; a test does it a little.
"""

from __future__ import annotations

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from deltalab.report.page.curves import curves

from .cuts import ROWS, left

ROOT = Path(__file__).parents[2]
COMMON = (
    "backbone=tiny",
    ROWS,
    "data.batch_size=8",
    "logger=csv",
    "trainer.log_every_n_steps=1",
    "callbacks=quiet",
    "trainer.accelerator=cpu",
    "trainer.max_steps=12",
    "trainer.val_check_interval=2",
)
NEEDS = "needs.tune=['trainer.max_steps=6','trainer.val_check_interval=2']"
METHODS = "subspace.methods=[{lora: {rank: 2}},{adapter: {size: 3}}]"
STAGES = {
    "tune": ("train", "delta.rank=2"),
    "packed": ("train", "pack.delta=[lora,adapter]", "pack.seed=[1,2]"),
    "approximate": ("train", "stage=approximate", "subspace=d2", METHODS, NEEDS),
    "optimize": ("train", "stage=optimize", "subspace=random", METHODS, NEEDS),
    "search": ("search", "budget.parameters=3000"),
}


def survived(
    stage: str, kills: int, folder: Path, chance: random.Random, words: Sequence[str] = ()
) -> tuple[bool, int]:
    """Whether a run that is killed so often ends as one that is not, and how often it has been killed.

    Each kill comes at any moment after the first checkpoint that a process writes. Where a run ends before that, it is
    compared, and another one takes the rest of the kills.
    """
    _, span = _end(_start(stage, folder / "through", words), folder / "through")
    through, same, hits, runs = _found(folder / "through"), True, 0, 0
    while hits < kills:
        runs += 1
        place = folder / f"killed-{runs}"
        while (ended := _kill(_start(stage, place, words), place, chance.uniform(0, span))) is None:
            hits += 1
            if hits == kills:
                ended, _ = _end(_start(stage, place, words), place)
                break
        same &= ended == 0 and _found(place) == through
        if not same or runs > 3 * kills:
            break
    return same, hits


def _kill(process: subprocess.Popen[bytes], folder: Path, after: float) -> int | None:
    """Kill a process so many seconds after its first checkpoint; its exit code where it has ended before."""
    _checkpoint(process, folder)
    try:
        return process.wait(after)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return None


def _end(process: subprocess.Popen[bytes], folder: Path) -> tuple[int, float]:
    """The exit code of a process that is left alone, and the seconds from its first checkpoint to its end."""
    _checkpoint(process, folder)
    begun = time.monotonic()
    return process.wait(), time.monotonic() - begun


def _checkpoint(process: subprocess.Popen[bytes], folder: Path) -> None:
    """Wait until the process has written a checkpoint, also for the store, or has ended."""
    places, since = (folder, _store(folder)), time.time()
    while process.poll() is None:
        with suppress(FileNotFoundError):
            found = [path for place in places for path in place.glob("**/last.ckpt")]
            if any(path.stat().st_mtime > since for path in found):
                return
        time.sleep(0.02)


def _found(folder: Path) -> dict[str, Any]:
    return {**left(folder), "curves": curves(folder)}


def _store(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}-store")


def _start(stage: str, folder: Path, more: Sequence[str]) -> subprocess.Popen[bytes]:
    program, *words = STAGES[stage]
    places = f"hydra.run.dir={folder}", f"store.root={_store(folder)}"
    command = [sys.executable, f"{program}.py", *COMMON, *words, *more, *places]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)


def main() -> int:
    """The command: 0 where every stage has survived."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=5, help="of each stage")
    parser.add_argument("--stages", nargs="*", default=list(STAGES), choices=list(STAGES))
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    chance, good = random.Random(options.seed), True
    for stage in options.stages:
        with tempfile.TemporaryDirectory() as folder:
            same, hits = survived(stage, options.kills, Path(folder), chance)
        good &= same and hits == options.kills
        print(f"{stage}: {hits} of {options.kills} kills hit, {'the same' if same else 'NOT THE SAME'}", flush=True)  # noqa: T201
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
