"""A stand-in for train.py that starts at once: by x it leaves a record, fails, dies, hangs or takes a moment."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path

import hydra
from omegaconf import DictConfig

from deltalab.errors import UserError
from deltalab.sweep.job import JobError

CONF = Path(os.environ["SWEEP_CONF"])


@hydra.main(version_base="1.3", config_path=str(CONF), config_name="program")
def main(config: DictConfig) -> float:
    """The score is 1 / x."""
    with Path("starts").open("a") as file:
        file.write(f"{config.x}\n")
    if not Path("mended").exists():
        if config.x == 3:
            raise RuntimeError("three is broken")
        if config.x == 4:
            os.kill(os.getpid(), signal.SIGKILL)
        if config.x == 5:
            time.sleep(600)
    if config.x >= 10:
        time.sleep(0.3)
    folder = Path(config.output_dir)
    (folder / "record.json").write_text(json.dumps({"score": 1 / config.x, "jobs": [{"parameters": config.x}]}))
    return 1 / config.x


if __name__ == "__main__":
    os.environ["HYDRA_FULL_ERROR"] = "1"
    try:
        main()
    except (UserError, JobError) as error:  # as the door does, without the seconds its imports take
        sys.exit(f"error: {error}")
