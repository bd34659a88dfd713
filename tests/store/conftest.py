"""A store in a temporary folder, files to put there, its command, and processes that never outlive a test."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys

import pytest

from deltalab.store.store import Store

FILES = {"theta.bin": bytes(range(256)) * 20, "deep/er/notes.txt": b"what it was", "empty": b""}


@pytest.fixture
def files():
    return dict(FILES)


@pytest.fixture
def folder_of(tmp_path):
    """`folder_of(files, name)`: a folder with these files."""

    def made(files, name="source"):
        for path, content in files.items():
            target = tmp_path / name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        return tmp_path / name

    return made


@pytest.fixture
def source(folder_of, files):
    return folder_of(files)


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


@pytest.fixture
def context():
    return multiprocessing.get_context("spawn")


@pytest.fixture
def started(context):
    """`started(function, *arguments)`: a running process, killed at the end where it still runs."""
    running = []

    def start(function, *arguments):
        process = context.Process(target=function, args=arguments)
        running.append((process, arguments))  # a semaphore that nobody holds on to is gone before the process is there
        process.start()
        return process

    yield start
    for process, _ in running:
        process.kill()
        process.join()


@pytest.fixture
def command(tmp_path):
    """`command(*words)`: exit code, lines on stdout, text on stderr; run beside the folder `store`."""

    def run(*words):
        environment = {**os.environ, "COLUMNS": "160", "TERM": "dumb"}
        done = subprocess.run(
            [sys.executable, "-m", "deltalab.store", *words],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
        )
        return done.returncode, done.stdout.splitlines(), done.stderr

    return run
