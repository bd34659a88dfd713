"""Where and with what a run was made."""

from __future__ import annotations

import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

import pytest
import torch

from deltalab.report import environment
from deltalab.report.environment import chip, peak_memory_mb, revision, versions

STATUS = Path("/proc/self/status")


def test_versions_are_those_installed(monkeypatch):
    found = versions()
    assert found["python"] == platform.python_version()
    assert found["torch"] == version("torch")
    monkeypatch.setattr(environment, "_PACKAGES", ("no-such-package",))
    assert versions()["no-such-package"] == "missing"


def answers(monkeypatch, **given):
    """Let git answer so."""

    def run(words, **rest):
        if given[words[1].replace("-", "_")] is None:
            raise subprocess.CalledProcessError(128, words)
        return subprocess.CompletedProcess(words, 0, given[words[1].replace("-", "_")], "")

    monkeypatch.setattr(subprocess, "run", run)


@pytest.mark.parametrize(
    ("commit", "status", "told"),
    [("abc\n", "", "abc"), ("abc\n", " M train.py\n", "abc+changes"), (None, None, None)],
    ids=["clean", "changed", "no checkout"],
)
def test_the_revision_tells_of_changes(monkeypatch, commit, status, told):
    answers(monkeypatch, rev_parse=commit, status=status)
    assert revision() == told


@pytest.mark.skipif(not STATUS.exists(), reason="the kernel tells nothing here")
def test_memory_is_the_peak_that_the_kernel_counts():
    peak = next(int(line.split()[1]) for line in STATUS.read_text().splitlines() if line.startswith("VmHWM"))
    assert peak_memory_mb(torch.device("cpu")) == pytest.approx(peak / 1024, rel=0.05)


def test_the_chip_has_a_name():
    assert chip(torch.device("cpu")).strip()
