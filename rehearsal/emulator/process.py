"""Start, find and stop the emulated AWS, known by its process id. It ends with its starter or outlives it, as told."""

import contextlib
import fcntl
import http
import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from rehearsal.cloudflare_plugin import store
from rehearsal.emulator import KEY_HEADER, life, record
from rehearsal.emulator.environment import environment
from rehearsal.emulator.record import Record
from rehearsal.terminal import say

START_TIMEOUT = 60.0
"""Seconds. It takes 2 to 3 on an idle machine; the first start after an installation compiles the emulators."""

STOP_TIMEOUT = 10.0
"""Seconds, after which the process is killed. It holds nothing that could be lost."""

CHECKOUT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Emulator:
    """A server that answers who has its key. `fresh`: this very call started it, so that its account is empty."""

    pid: int
    port: int
    key: str = field(default="", repr=False)
    fresh: bool = False

    @property
    def endpoint(self) -> str:
        """The value for `AWS_ENDPOINT_URL`."""
        return f"http://127.0.0.1:{self.port}"

    def reset(self) -> None:
        """Empty the account and seed it again."""
        _own(self.port, self.key, "POST", "reset")

    def be_new(self) -> None:
        """Enforce the quotas of a new account until the account is emptied."""
        _own(self.port, self.key, "POST", "new-account")

    def credentials(self, role_arn: str, service: str) -> dict[str, str]:
        """Return the environment of what an AWS service runs under a role. EmulatorError if that doesn't trust it."""
        asked = urlencode({"role": role_arn, "service": service})
        answer = json.loads(_own(self.port, self.key, "POST", f"credentials?{asked}") or "{}")
        if "AccessKeyId" not in answer:
            raise EmulatorError(answer.get("message", "the emulated AWS gave no credentials"))
        return {
            "AWS_ACCESS_KEY_ID": answer["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": answer["SecretAccessKey"],
            "AWS_SESSION_TOKEN": answer["SessionToken"],
        }

    def live(self, speed: float) -> None:
        """Let AWS's control planes take AWS's time, `speed` seconds of it in one, and depend on what is reported."""
        self.ask("POST", "live", {"speed": speed})

    def rest(self) -> None:
        """Let everything that AWS does within minutes happen at once again, as before `live`."""
        self.ask("DELETE", "live")

    def report(self, **sections: list[Any]) -> None:
        """Report what was measured of real processes: `rehearsal.live.account` has what each section takes."""
        self.ask("POST", "observed", sections)

    def ask(self, method: str, what: str, body: Any = None) -> Any:
        """Ask the server itself. EmulatorError if it refuses or doesn't answer."""
        try:
            status, answer = _exchange(self.port, self.key, method, what, body)
        except (OSError, http.client.HTTPException) as error:
            raise EmulatorError(f"the emulated AWS doesn't answer: {error}") from error
        if status >= http.HTTPStatus.BAD_REQUEST:
            raise EmulatorError(f"the emulated AWS refused {method} {what}: {answer or status}")
        return json.loads(answer) if answer else None

    def asked(self, role_arn: str) -> list[dict[str, Any]]:
        """Return what has needed rights under a role so far: `action`, `resource` and `keys` of each."""
        found: list[dict[str, Any]] = json.loads(
            _own(self.port, self.key, "GET", f"asked?{urlencode({'role': role_arn})}")
        )
        return found


class EmulatorError(Exception):
    """The server did not start; the message ends with the last lines of its log."""


def running(home: Path) -> Emulator | None:
    """The server that `home` knows, if it answers. After a restart of the machine there is none."""
    known = record.known(home)
    if not known.pid or _own(known.port, known.key, "GET", "identity") != known.token:
        return None
    return Emulator(known.pid, known.port, known.key)


def start(home: Path, *, outlives: bool = False) -> Emulator:
    """Start the server, unless it runs already, and wait until it answers.

    It is put on the port that it had before, if that is free. It ends with this process, or `outlives` it until `stop`
    is called. Raises `EmulatorError` if it ends or stays silent.
    """
    home = home.resolve()
    home.mkdir(parents=True, exist_ok=True)
    with _alone(home):
        if found := running(home):
            return found
        _forget_what_is_damaged(home)
        stop(home)
        owner = life.owner(outlives=outlives)
        with (home / "emulator.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "rehearsal.emulator.server", str(home), *([str(owner)] if owner else [])],
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
    known = record.known(home)
    if not known.pid:
        return
    if running(home) or _is_ours(known.pid, home):
        end(known.pid)
    record.write(home, Record(known.port))


def _forget_what_is_damaged(home: Path) -> None:
    """Say so where the home's file can't be true, and take it away; a server that it was of ends by itself then."""
    try:
        record.read(home)
    except record.DamagedError as error:
        say(f"{record.file_of(home)} {error}: starting the emulated AWS afresh, on a free port")
        record.file_of(home).unlink()


def _wait_for(process: subprocess.Popen[bytes], home: Path) -> Emulator:
    deadline = time.monotonic() + START_TIMEOUT
    while process.poll() is None and time.monotonic() < deadline:
        if record.known(home).pid == process.pid and (found := running(home)):
            return replace(found, fresh=True)
        time.sleep(0.05)
    process.kill()
    process.wait()
    tail = (home / "emulator.log").read_text(errors="replace").splitlines()[-5:]
    reason = f"ended with code {process.returncode}" if process.returncode >= 0 else "did not answer"
    raise EmulatorError(f"the emulated AWS {reason} (log: {home / 'emulator.log'})\n" + "\n".join(tail))


def _own(port: int, key: str, method: str, what: str) -> str:
    try:
        return _exchange(port, key, method, what)[1]
    except (OSError, http.client.HTTPException):
        return ""


def _exchange(port: int, key: str, method: str, what: str, body: Any = None) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        sent = None if body is None else json.dumps(body)
        connection.request(method, f"/_rehearsal/{what}", body=sent, headers={KEY_HEADER: key})
        response = connection.getresponse()
        return response.status, response.read().decode(errors="replace")
    finally:
        connection.close()


def _is_ours(pid: int, home: Path) -> bool:
    """Tell whether the process is our server although it doesn't answer, and not another that got its id."""
    command = subprocess.run(
        ["ps", "-ww", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout
    return "rehearsal.emulator.server" in command and str(home.resolve()) in command


def end(pid: int, patience: float = STOP_TIMEOUT) -> None:
    """End a process by its id, and wait until it is gone; one that isn't after `patience` seconds is killed."""
    deadline = time.monotonic() + patience
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
