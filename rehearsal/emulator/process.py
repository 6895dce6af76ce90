"""Start, find and stop the emulated AWS. It survives the command that started it and is known by its process id."""

import contextlib
import fcntl
import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rehearsal.cloudflare_plugin import store
from rehearsal.emulator.environment import environment

START_TIMEOUT = 60.0
"""Seconds. It takes 2 to 3 on an idle machine; the first start after an installation compiles the emulators."""

STOP_TIMEOUT = 10.0
"""Seconds, after which the process is killed. It holds nothing that could be lost."""

CHECKOUT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Emulator:
    """A server that answers. `fresh` says that this very call started it, so that its account is empty."""

    pid: int
    port: int
    fresh: bool = False

    @property
    def endpoint(self) -> str:
        """The value for `AWS_ENDPOINT_URL`."""
        return f"http://127.0.0.1:{self.port}"

    def reset(self) -> None:
        """Empty the account and seed it again."""
        _own(self.port, "POST", "reset")


class EmulatorError(Exception):
    """The server did not start; the message ends with the last lines of its log."""


def running(home: Path) -> Emulator | None:
    """The server that `home` knows, if it answers. After a restart of the machine there is none."""
    known = _known(home)
    if "pid" not in known or _own(known["port"], "GET", "identity") != known["token"]:
        return None
    return Emulator(known["pid"], known["port"])


def start(home: Path) -> Emulator:
    """Start the server, unless it runs already, and wait until it answers.

    It is put on the port that it had before, if that is free. Raises `EmulatorError` if it ends or stays silent.
    """
    home = home.resolve()
    home.mkdir(parents=True, exist_ok=True)
    with _alone(home):
        if found := running(home):
            return found
        stop(home)
        with (home / "emulator.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "rehearsal.emulator.server", str(home)],
                cwd=CHECKOUT,
                env={**environment(), store.ENVIRONMENT: str(home / store.FILE)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return _wait_for(process, home)


def stop(home: Path) -> None:
    """End the server by its process id, and wait until it is gone. Does nothing where none runs."""
    known = _known(home)
    pid = known.pop("pid", None)
    if pid is None:
        return
    if running(home) or _is_ours(pid, home):
        _end(pid)
    (home / "emulator.json").write_text(json.dumps({"port": known["port"]}))


def _wait_for(process: subprocess.Popen[bytes], home: Path) -> Emulator:
    deadline = time.monotonic() + START_TIMEOUT
    while process.poll() is None and time.monotonic() < deadline:
        if _known(home).get("pid") == process.pid and (found := running(home)):
            return Emulator(found.pid, found.port, fresh=True)
        time.sleep(0.05)
    process.kill()
    process.wait()
    tail = (home / "emulator.log").read_text(errors="replace").splitlines()[-5:]
    reason = f"ended with code {process.returncode}" if process.returncode >= 0 else "did not answer"
    raise EmulatorError(f"the emulated AWS {reason} (log: {home / 'emulator.log'})\n" + "\n".join(tail))


def _known(home: Path) -> dict[str, Any]:
    try:
        known: dict[str, Any] = json.loads((home / "emulator.json").read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return known


def _own(port: int, method: str, what: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, f"/_rehearsal/{what}")
        return connection.getresponse().read().decode(errors="replace")
    except (OSError, http.client.HTTPException):
        return ""
    finally:
        connection.close()


def _is_ours(pid: int, home: Path) -> bool:
    """Tell whether the process is our server although it doesn't answer, and not another that got its id."""
    command = subprocess.run(
        ["ps", "-ww", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout
    return "rehearsal.emulator.server" in command and str(home.resolve()) in command


def _end(pid: int) -> None:
    deadline = time.monotonic() + STOP_TIMEOUT
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
        while time.monotonic() < deadline and _lives(pid):
            time.sleep(0.02)
        os.kill(pid, signal.SIGKILL)
        while _lives(pid):
            time.sleep(0.02)


def _lives(pid: int) -> bool:
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)  # a child of this very process stays a zombie until it is waited for
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@contextlib.contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Let only one process at a time start a server for `home`."""
    with (home / "emulator.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
