"""`make live` and what ends it: the live plane of a home, started in the background and known by its process id."""

import contextlib
import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rehearsal.emulator import process as emulators
from rehearsal.live.network.allowed import why_not
from rehearsal.live.paths import Paths
from rehearsal.terminal import say

CHECKOUT = Path(__file__).resolve().parents[2]

START_TIMEOUT = 240.0
"""Seconds until the plane is alive. About 30 on two idle cores; the first one of a release also installs it."""


STOP_TIMEOUT = 15.0
"""Seconds for a door to end; it gives what is inside ten of them."""


class LiveError(RuntimeError):
    """The live plane can't be started; the message says why."""


@dataclass(frozen=True)
class Live:
    """A live plane that runs."""

    pid: int
    console: str
    """The console's address, with the token that lets its page act."""
    site: str
    dns: int


def running(home: Path) -> Live | None:
    """The live plane of a home, if it runs."""
    paths = Paths(home.resolve())
    try:
        known = json.loads(paths.record.read_text())
        pid, ports = int(known["pid"]), known["ports"]
    except (OSError, ValueError, KeyError):
        return None
    if not _is_ours(pid, paths.home):
        return None
    return Live(
        pid,
        f"http://127.0.0.1:{ports['console']}/#{known['token']}",
        f"http://localhost:{ports['site']}/",
        ports["dns"],
    )


def start(home: Path, speed: float = 1.0) -> Live:
    """Start the live plane of what stands in a home's account, unless it runs, and wait until it is alive.

    It runs on until `stop`, or until the account ends. Raises LiveError.
    """
    if found := running(home):
        return found
    if reason := why_not():
        raise LiveError(reason)
    paths = Paths(home.resolve())
    paths.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    paths.control.unlink(missing_ok=True)
    with paths.log.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "rehearsal.live.door", str(paths.home), str(speed)],
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    began, said = time.monotonic(), 0.0
    while time.monotonic() - began < START_TIMEOUT:
        if process.poll() is not None:
            raise LiveError(f"the live plane ended with code {process.returncode} (log: {paths.log})\n{_tail(paths)}")
        settled = _ask(paths, {"do": "settled"})
        found = running(home)
        if found and settled.get("settled"):
            return found
        if time.monotonic() - said > 5 and settled:
            said = time.monotonic()
            why = settled.get("why", [])
            say(f"  {time.monotonic() - began:.0f} s: {'; '.join(why[:2]) or 'starting'}{' …' if len(why) > 2 else ''}")
        time.sleep(0.3)
    emulators.end(process.pid, STOP_TIMEOUT)
    raise LiveError(f"the live plane was not alive after {START_TIMEOUT:.0f} s (log: {paths.log})\n{_tail(paths)}")


def stop(home: Path) -> bool:
    """End the live plane of a home; return whether one ran. What stands is as still as before."""
    found = running(home)
    if found is not None:
        emulators.end(found.pid, STOP_TIMEOUT)
        if emulator := emulators.running(home):
            emulator.rest()
    return found is not None


def _ask(paths: Paths, request: dict[str, Any]) -> dict[str, Any]:
    """Ask the control socket; an empty answer while there is none."""
    import socket  # noqa: PLC0415 (needed here only)

    with contextlib.suppress(OSError, ValueError), socket.socket(socket.AF_UNIX) as made:
        made.settimeout(10)
        made.connect(str(paths.control))
        made.sendall(json.dumps(request).encode() + b"\n")
        with made.makefile("rb") as file:
            answer: dict[str, Any] = json.loads(file.readline())
            return answer
    return {}


def _tail(paths: Paths) -> str:
    return "\n".join(paths.log.read_text(errors="replace").splitlines()[-8:])


def _is_ours(pid: int, home: Path) -> bool:
    """Tell whether the process is our door, and not another that got its id."""
    with contextlib.suppress(OSError):
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        return b"rehearsal.live.door" in words and str(home).encode() in words
    return False
