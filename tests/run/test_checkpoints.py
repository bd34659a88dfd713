"""Checkpoint files appear whole, the one before stays, and damage is found."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
import torch

from deltalab.errors import UserError
from deltalab.run.checkpoints import Checkpoints, content, newest

WRITER = """
import sys
from pathlib import Path
import torch
from deltalab.run.checkpoints import Checkpoints
print("ready", flush=True)
for number in range(10**6):
    Checkpoints().save_checkpoint({"state_dict": {"w": torch.full((300000,), float(number))}, "n": number}, sys.argv[1])
"""


def save(path, number):
    Checkpoints().save_checkpoint({"state_dict": {"w": torch.full((1000,), float(number))}, "n": number}, path)


def test_the_one_before_stays(tmp_path):
    for number in range(3):
        save(tmp_path / "last.ckpt", number)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["last.before.ckpt", "last.ckpt"]
    assert [content(tmp_path / name)["n"] for name in ("last.before.ckpt", "last.ckpt")] == [1, 2]
    assert newest(tmp_path) == tmp_path / "last.ckpt"
    assert newest(tmp_path / "nowhere") is None


def _cut(path):
    path.write_bytes(path.read_bytes()[:-700])


def _empty(path):
    path.write_bytes(b"")


def _edited(path):
    found = bytearray(path.read_bytes())
    place = found.index(torch.full((2,), 1.0).numpy().tobytes())  # inside the numbers: torch would read it
    found[place + 3] ^= 1
    path.write_bytes(found)


@pytest.mark.parametrize("harm", [_cut, _empty, _edited])
def test_a_damaged_one_is_named_and_the_one_before_is_used(harm, tmp_path, caplog):
    path = tmp_path / "last.ckpt"
    save(path, 0)
    save(path, 1)
    harm(path)
    assert newest(tmp_path) == tmp_path / "last.before.ckpt"
    assert f"{path}: torn or damaged" in caplog.text
    with pytest.raises(UserError, match="damaged one"):
        content(path)


def test_code_in_a_checkpoint_is_not_run(tmp_path):
    class Evil:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "made"),)

    torch.save({"state_dict": {}, "evil": Evil()}, tmp_path / "last.ckpt")
    assert newest(tmp_path) is None
    assert not (tmp_path / "made").exists()


def test_a_writer_that_cannot_finish_leaves_the_earlier_one(tmp_path, monkeypatch):
    save(tmp_path / "last.ckpt", 0)
    monkeypatch.setattr(os, "fsync", lambda descriptor: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(OSError, match="No space"):
        save(tmp_path / "last.ckpt", 1)
    assert [path.name for path in tmp_path.iterdir()] == ["last.ckpt"]
    assert content(tmp_path / "last.ckpt")["n"] == 0


def test_a_writer_killed_at_any_moment_leaves_a_whole_one(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path / "last.ckpt")], stdout=subprocess.PIPE)
    try:
        assert process.stdout.readline() == b"ready\n"
        while not (tmp_path / "last.before.ckpt").exists():
            assert process.poll() is None
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
    found = content(newest(tmp_path))
    assert torch.equal(found["state_dict"]["w"], torch.full((300000,), float(found["n"])))
