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
from pathlib import Path

from .cuts import ROWS, left

ROOT = Path(__file__).parents[2]
COMMON = (
    "backbone=tiny",
    ROWS,
    "data.batch_size=8",
    "logger=none",
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
    "search": ("search", "budget.parameters=3000", "search.max_steps=6", "search.val_check_interval=2"),
}


def survived(stage: str, kills: int, folder: Path, chance: random.Random) -> tuple[bool, int]:
    """Whether a run that is killed so often ends as one that is not, and how often it was still alive to be killed."""
    started = time.monotonic()
    assert _start(stage, folder / "through").wait() == 0
    took, hits = time.monotonic() - started, 0
    for _ in range(kills):
        process = _start(stage, folder / "killed")
        try:
            process.wait(took * chance.uniform(0.3, 1.0))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            hits += 1
    assert _start(stage, folder / "killed").wait() == 0
    return left(folder / "through") == left(folder / "killed"), hits


def _start(stage: str, folder: Path) -> subprocess.Popen[bytes]:
    program, *words = STAGES[stage]
    store = f"store.root={folder.with_name(folder.name + '-store')}"
    command = [sys.executable, f"{program}.py", *COMMON, *words, f"hydra.run.dir={folder}", store]
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
        good &= same
        print(f"{stage}: {hits} of {options.kills} kills hit, {'the same' if same else 'NOT THE SAME'}", flush=True)  # noqa: T201
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
