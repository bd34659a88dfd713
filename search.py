"""Find out where a budget of parameters goes, and train that: `python search.py task=topic budget=139ppm`."""

from __future__ import annotations

import sys
from pathlib import Path

import hydra
from omegaconf import DictConfig

from deltalab.run.again import again
from deltalab.run.door import door
from deltalab.run.run import run
from deltalab.run.splits import spread

CONF = Path(__file__).parent / "conf"


@hydra.main(version_base="1.3", config_path=str(CONF), config_name="search")
def main(config: DictConfig) -> float | tuple[float, ...]:
    """One run; returns its score, or what `sweep.objectives` names, for sweepers."""
    with door(CONF, "search", Path(config.output_dir)):  # inside too, or Hydra would add its own report
        return run(config)


if __name__ == "__main__":
    with door(CONF, "search"):
        sys.argv[1:] = spread(again(sys.argv[1:]), CONF, "search")
        main()
