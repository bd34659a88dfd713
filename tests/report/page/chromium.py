"""Headless Chromium over its debugging pipe: a page, what it says to the console, and how it looks."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
LONGEST = 120.0
"""Seconds until an answer; a busy machine starts a browser slowly."""


class Browser:
    """One tab; `said` holds every warning, error and uncaught exception of its pages."""

    def __init__(self, reading: int, writing: int) -> None:
        self.reading, self.writing = reading, writing
        self.said: list[str] = []
        self._rest, self._calls, self._session, self._loaded = b"", 0, None, False
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> Mapping[str, Any]:
        self._calls += 1
        message = {"id": self._calls, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self.writing, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._calls:
                assert "error" not in answer, answer
                return answer["result"]

    def open(self, path: Path, fragment: str = "") -> None:
        self._loaded = False
        self.call("Page.navigate", url=path.resolve().as_uri() + fragment)
        while not self._loaded:
            self._next()

    def run(self, script: str) -> Any:
        """The value of an expression in the page."""
        found = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def window(self, width: int, height: int, phone: bool = False, scheme: str = "light") -> None:
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=phone)
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def picture(self, path: Path, whole: bool = True) -> None:
        found = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(found["data"]))

    def _next(self) -> Mapping[str, Any]:
        until = time.monotonic() + LONGEST
        while b"\0" not in self._rest:
            assert time.monotonic() < until, "chromium does not answer"
            got = os.read(self.reading, 1 << 16)
            assert got, "chromium has ended"
            self._rest += got
        line, _, self._rest = self._rest.partition(b"\0")
        message = json.loads(line)
        self._hear(message.get("method"), message.get("params", {}))
        return message

    def _hear(self, method: str | None, told: Mapping[str, Any]) -> None:
        if method == "Page.loadEventFired":
            self._loaded = True
        elif method == "Runtime.exceptionThrown" or (
            method == "Runtime.consoleAPICalled" and told["type"] in ("error", "warning", "assert")
        ):
            self.said.append(json.dumps(told))
        elif method == "Log.entryAdded" and told["entry"]["level"] in ("error", "warning"):
            self.said.append(told["entry"]["text"])


@contextmanager
def chromium(profile: Path) -> Iterator[Browser]:
    """A browser with a profile of its own, ended with the block."""
    commands, writing = os.pipe()
    reading, answers = os.pipe()

    def pipes() -> None:  # it reads from 3 and writes to 4
        spare = [os.dup2(fd, 60 + i) for i, fd in enumerate((commands, answers))]
        os.dup2(spare[0], 3)
        os.dup2(spare[1], 4)

    words = [PROGRAM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    words += ["--remote-debugging-pipe", f"--user-data-dir={profile}", "--no-first-run", "--disable-extensions"]
    log = (profile.parent / "chromium.log").open("wb")
    process = subprocess.Popen(words, stdout=log, stderr=log, close_fds=False, preexec_fn=pipes)
    os.close(commands)
    os.close(answers)
    try:
        browser = Browser(reading, writing)
        yield browser
        os.write(writing, b'{"id": 0, "method": "Browser.close"}\0')
        process.wait(20)
    finally:
        process.kill()
        process.wait()
        log.close()
        os.close(reading)
        os.close(writing)
