"""Chromium without a window, driven by its DevTools protocol over two pipes: no port, no driver, no package."""

import base64
import contextlib
import fcntl
import json
import os
import select
import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"),
    *("--no-first-run", "--no-default-browser-check", "--disable-background-networking", "--disable-sync"),
    *("--disable-component-update", "--disable-default-apps", "--disable-extensions", "--mute-audio"),
    *("--no-proxy-server", "--remote-debugging-pipe"),
)


class Left(RuntimeError):
    """The page was left for another, or loaded again, before it answered."""


class Browser:
    """One page in a browser with a profile of its own."""

    def __init__(self, send: int, receive: int) -> None:
        self._send, self._receive, self._kept, self._number = send, receive, b"", 0
        self._session: str | None = None
        self.errors: list[str] = []
        """What the page's console said that is an error."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Accessibility"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Call a method of the protocol."""
        self._number += 1
        session = {"sessionId": self._session} if self._session else {}
        message = {"id": self._number, "method": method, "params": params, **session}
        os.write(self._send, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            answer = self._read(deadline - time.monotonic())
            if answer.get("id") == self._number:
                if "error" in answer:
                    error = Left if "navigated" in answer["error"]["message"] else RuntimeError
                    raise error(f"{method}: {answer['error']}")
                result: dict[str, Any] = answer["result"]
                return result
            self._note(answer)
        raise TimeoutError(method)

    def _read(self, seconds: float) -> dict[str, Any]:
        while b"\0" not in self._kept:
            if not select.select([self._receive], [], [], max(seconds, 0))[0]:
                raise TimeoutError("chromium doesn't answer")
            chunk = os.read(self._receive, 1 << 20)
            if not chunk:
                raise RuntimeError("chromium has ended")
            self._kept += chunk
        message, _, self._kept = self._kept.partition(b"\0")
        found: dict[str, Any] = json.loads(message)
        return found

    def _note(self, event: dict[str, Any]) -> None:
        params = event.get("params", {})
        if event.get("method") == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.errors.append(details.get("exception", {}).get("description") or details["text"])
        if event.get("method") == "Log.entryAdded" and params["entry"]["level"] == "error":
            self.errors.append(f"{params['entry']['text']} {params['entry'].get('url', '')}")

    def look(self, width: int, height: int, *, dark: bool = False, still: bool = False) -> None:
        """Set the size of the window, the system's theme, and whether motion is unwanted."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        features = [
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce" if still else "no-preference"},
        ]
        self.call("Emulation.setEmulatedMedia", features=features)

    def open(self, url: str) -> None:
        """Go to an address."""
        self.call("Page.navigate", url=url)

    def reload(self) -> None:
        """Load the page again."""
        self.call("Page.reload")

    def run(self, script: str) -> Any:
        """The value of a JavaScript expression in the page."""
        answer = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"].get("exception", {}).get("description", script))
        return answer["result"].get("value")

    def until(self, script: str, seconds: float = 15) -> Any:
        """Wait until an expression is true, and return it; an element arrives as an empty object."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                if (found := self.run(script)) or found == {}:
                    return found
            except Left:
                pass
            time.sleep(0.1)
        raise AssertionError(f"not within {seconds:g} s: {script}; errors: {self.errors}")

    def press(self, key: str, code: int = 0, *, shift: bool = False) -> None:
        """Press a key."""
        common = {"key": key, "code": key, "windowsVirtualKeyCode": code, "modifiers": 8 if shift else 0}
        text = {"text": "\r"} if key == "Enter" else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", **common, **text)
        self.call("Input.dispatchKeyEvent", type="keyUp", **common)

    def screenshot(self, file: Path, *, whole: bool = False) -> None:
        """Write what the window shows, or the whole page, as PNG."""
        answer = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        file.write_bytes(base64.b64decode(answer["data"]))


@contextlib.contextmanager
def browser() -> Iterator[Browser]:
    """A browser, ended afterwards."""
    assert CHROMIUM
    to_read, to_write = os.pipe()
    from_read, from_write = os.pipe()
    theirs = [fcntl.fcntl(fd, fcntl.F_DUPFD, 30) for fd in (to_read, from_write)]  # clear of 3 and 4
    with tempfile.TemporaryDirectory(prefix="ha-web-chromium-", ignore_cleanup_errors=True) as profile:
        command = shlex.join([CHROMIUM, *FLAGS, f"--user-data-dir={profile}", "about:blank"])
        script = f"exec {command} 3<&{theirs[0]} 4>&{theirs[1]}"
        process = subprocess.Popen(
            ["/bin/bash", "-c", script], pass_fds=theirs, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for fd in (*theirs, to_read, from_write):
            os.close(fd)
        try:
            yield Browser(to_write, from_read)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            os.close(to_write)
            os.close(from_read)
