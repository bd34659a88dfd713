"""Files that appear whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

__all__ = ["atomic", "write_json"]


@contextmanager
def atomic(path: Path, mode: int | None = None) -> Iterator[Path]:
    """A place beside `path` to write to: it takes the place of `path` when the block succeeds, else it goes.

    `mode` is who may read the file; None: whoever may read other new files.
    """
    part = path.with_name(path.name + ".part")
    part.touch()
    try:
        mode = part.stat().st_mode if mode is None else mode
        yield part
        part.chmod(mode)  # some writers let nobody but the owner read
        os.replace(part, path)
    except OSError as error:
        if error.filename is None:  # where a disk is full, Python does not tell which
            error.filename = str(path)
        raise
    finally:
        part.unlink(missing_ok=True)


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write a JSON file that appears whole or not at all."""
    text = json.dumps(content, indent=2) + "\n"
    with atomic(path) as part:
        part.write_text(text)
