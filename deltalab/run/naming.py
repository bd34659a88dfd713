"""The name of a run, which its jobs' folders and curves are called by."""

from __future__ import annotations

import re
from typing import Any

from deltalab.errors import UserError

__all__ = ["refuse_name"]


def refuse_name(name: Any) -> None:  # noqa: ANN401
    """Raise `UserError` for a name that is no text, or no name of one folder: it would lead out of jobs/NAME."""
    if not isinstance(name, str) or not name:
        raise UserError(f"name={name}: must be a text of at least one letter")
    if name in (".", "..") or re.search(r"[/\\\x00-\x1f]", name):
        raise UserError(f"name={name}: a folder goes by it; allowed: a text without / and \\, other than . and ..")
