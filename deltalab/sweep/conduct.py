"""Run jobs in places, a few at once, until all are done, have failed for good, or the sweep is asked to stop."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import final

from deltalab.sweep.child import Child
from deltalab.sweep.job import Job
from deltalab.sweep.ledger import Ledger
from deltalab.sweep.line import Line
from deltalab.sweep.outcome import LOG, RECORD, number, reason, record
from deltalab.sweep.signals import noted
from deltalab.sweep.status import summary
from deltalab.sweep.unit import Unit, folder

__all__ = ["Conductor"]

_TICK, _GRACE = 0.1, 60.0  # seconds between two looks; for a job to save what it has and end
_TO_GO_ON = os.EX_TEMPFAIL  # that of a run which has left a checkpoint because it was asked to end
_MISTAKE = 2  # the exit code of a user's mistake, which would be the same again


@final
class Conductor:
    """Starts a job wherever a slot is free and writes the ledger at every change; in a terminal a line sums it up.

    A unit of jobs runs `command(unit)` with the environment of its slot, and inherits the descriptor `claim`. A job is
    done when its unit ends with 0 and its own record is there. One that failed is started again up to `retry` times,
    after those that wait; of a unit of several, those that are not done are all started again, each apart.
    """

    def __init__(
        self,
        ledger: Ledger,
        command: Callable[[Unit], Sequence[str]],
        slots: Iterable[Mapping[str, str]],
        retry: int,
        claim: int,
    ) -> None:
        self._ledger, self._command, self._retry, self._claim = ledger, command, retry, claim
        self._free, self._waiting = deque(slots), deque[Unit]()
        self._running: list[tuple[Child, Unit, Mapping[str, str]]] = []
        self._line = Line(sys.stdout)

    def run(self, units: Iterable[Unit]) -> None:
        """Until no job waits or runs; exits with 128 + N on signal N, its jobs ended and waiting to go on."""
        self._waiting.extend(units)
        with noted() as signals:
            try:
                while (self._waiting or self._running) and not signals:
                    while self._free and self._waiting:
                        self._start(self._waiting.popleft(), self._free.popleft())
                    self._settle()
                    self._line.show(lambda: summary(self._ledger.jobs, working=True))
                    time.sleep(_TICK)
            finally:
                self._line.clear()
                self._halt(signals)
        if signals:
            print(f"sweep {self._ledger.folder}: stopped; the same command goes on", file=sys.stderr)  # noqa: T201
            raise SystemExit(128 + signals[0])

    def _start(self, unit: Unit, slot: Mapping[str, str]) -> None:
        place = self._ledger.folder / folder(unit)
        for job in unit:
            job.tries, job.started, job.seconds, job.reason = job.tries + 1, time.time(), None, ""
        try:
            child = Child(self._command(unit), slot, place / LOG, (self._claim,))
        except OSError as error:
            self._free.append(slot)
            for job in unit:
                job.state, job.reason = "failed", f"cannot be started ({error})"
                self._tell(job, f"failed: {job.reason}")
        else:
            self._running.append((child, unit, slot))
            for job in unit:
                job.state, job.pid = "running", child.pid
                self._tell(job, " ".join(["started:", *job.overrides]))
        self._ledger.save()

    def _settle(self, stopping: bool = False) -> None:
        """See which jobs have ended; when `stopping`, one that has not finished is to go on another time."""
        for entry in list(self._running):
            child, unit, slot = entry
            code = child.ended()
            if code is not None:
                self._running.remove(entry)
                self._free.append(slot)
                self._close(unit, code, stopping)
                self._ledger.save()

    def _close(self, unit: Unit, code: int, stopping: bool) -> None:
        if code == _TO_GO_ON and not stopping:
            self._go_on(unit)
            return
        for job in unit:
            place = self._ledger.place(job)
            job.pid, job.seconds = None, round(time.time() - (job.started or 0.0), 1)
            found = record(place) if code == 0 else None
            if found is not None:
                job.state, job.score = "done", number(found["score"])
                shown = "" if job.score is None else f", score {100 * job.score:.1f}"
                self._tell(job, f"done in {job.seconds:.0f} s{shown}: {place / RECORD}")
            elif stopping:
                job.state = "waiting"
            else:
                self._fail(unit, job, code)

    def _go_on(self, unit: Unit) -> None:
        """Asked to end by somebody else, such as a cluster's scheduler: no fault of its own, and no try."""
        for job in unit:
            job.state, job.pid, job.tries = "waiting", None, job.tries - 1
            self._tell(job, "was asked to end, and is to go on")
        self._waiting.append(unit)

    def _fail(self, unit: Unit, job: Job, code: int) -> None:
        job.state, job.reason = "failed", reason(self._ledger.folder / folder(unit), code)
        apart = len(unit) > 1  # what is wrong may be another job's fault, or that of their number
        again = apart or (code != _MISTAKE and job.tries <= self._retry)
        self._tell(job, f"failed{', to be tried again' if again else ''}{' apart' if apart else ''}: {job.reason}")
        if again:
            job.state = "waiting"
            self._waiting.append([job])

    def _halt(self, signals: Sequence[int]) -> None:
        """End what runs: by request, then, after a while or at a second signal, by force."""
        asked, until = len(signals), time.monotonic() + _GRACE
        self._signal(signal.SIGTERM)
        while self._running:
            if len(signals) > asked or time.monotonic() > until:
                self._signal(signal.SIGKILL)
            self._settle(stopping=True)
            time.sleep(_TICK)

    def _signal(self, number: int) -> None:
        for child, _, _ in self._running:
            child.signal(number)

    def _tell(self, job: Job, what: str) -> None:
        self._line.clear()
        print(f"job {job.folder} {what}", flush=True)  # noqa: T201
