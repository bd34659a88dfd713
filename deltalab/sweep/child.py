"""A job's process: started, watched, ended with everything that it started itself."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import final

__all__ = ["Child"]


@final
class Child:
    """A process in a session of its own, so that a terminal's Ctrl-C reaches the sweep alone; output goes to `log`.

    It inherits the descriptors `keep`. Raises `OSError` where it cannot be started or the log not be written.
    """

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], log: Path, keep: Sequence[int] = ()
    ) -> None:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                command,
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=keep,
            )

    @property
    def pid(self) -> int:
        """The process, and its group."""
        return self._process.pid

    def ended(self) -> int | None:
        """Its exit code, below 0 for a signal, or None while it runs; what it leaves behind of processes is killed."""
        if self._process.returncode is None:
            # Until it is waited for, its number is nobody else's: the group is still the one it began.
            if os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
                return None
            self.signal(signal.SIGKILL)
        return self._process.wait()

    def signal(self, number: int) -> None:
        """Send a signal to the process and all that it started, while it has not been found ended."""
        if self._process.returncode is None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, number)
