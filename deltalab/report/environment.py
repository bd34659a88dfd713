"""Where and with what a run was made."""

from __future__ import annotations

import platform
import resource
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import torch

import deltalab

__all__ = ["chip", "peak_memory_mb", "revision", "used", "versions"]

_PACKAGES = ("torch", "transformers", "lightning", "hydra-core", "omegaconf", "torchmetrics", "tokenizers", "wandb")


def versions() -> dict[str, str]:
    """Versions of Python, this package and the packages that decide results."""
    found = {"python": platform.python_version(), "deltalab": deltalab.__version__}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "missing"
    return found


def revision() -> str | None:
    """The git commit of the source, with "+changes" where the tree differs from it; None outside a checkout."""
    root = Path(deltalab.__file__).parent.parent

    def git(*words: str) -> str | None:
        try:
            done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, timeout=10, check=True)
        except (OSError, subprocess.SubprocessError):
            return None
        return done.stdout.strip()

    commit = git("rev-parse", "HEAD")
    return f"{commit}+changes" if commit and git("status", "--porcelain", "--untracked-files=no") else commit


def used() -> torch.device:
    """The device that this process has computed on; a trainer takes the model back to the CPU at its end."""
    return torch.device("cuda" if torch.cuda.is_available() and torch.cuda.max_memory_allocated() else "cpu")


def chip(device: torch.device) -> str:
    """The name of the accelerator or of the processor."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def peak_memory_mb(device: torch.device) -> float:
    """The most memory held so far in MB: of the accelerator where there is one, else of this process."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device) / 2**20
    unit = 1 if sys.platform == "darwin" else 2**10  # ru_maxrss counts bytes there, kilobytes elsewhere
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20
