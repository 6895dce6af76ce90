"""How long a server lives: no longer than its starter, unless it is to outlive that, and than what its home knows.

A starter holds a file locked; the kernel unlocks it when the starter is gone, however it ended. The server waits for
that lock.
"""

import fcntl
import functools
import os
import signal
import tempfile
import time
from pathlib import Path
from threading import Thread
from typing import Any

from rehearsal.emulator import record

OWNER = "HA_WEB_REHEARSAL_OWNER"
"""Environment: a file that somebody holds locked, with whom whatever has this ends. A test run sets it."""

INTERVAL = 2.0
"""Seconds between two looks at the home."""


@functools.cache
def _held() -> Any:
    file = tempfile.NamedTemporaryFile(prefix="ha-web-rehearsal-", suffix=".lock")  # noqa: SIM115 (until this ends)
    fcntl.flock(file, fcntl.LOCK_EX)
    return file


def own() -> Path:
    """A file that is locked as long as this very process lives."""
    return Path(_held().name)


def owner(*, outlives: bool) -> Path | None:
    """The file of whom a server that is started now ends with; None for one that is to outlive its starter."""
    if given := os.environ.get(OWNER):
        return Path(given)
    return None if outlives else own()


def watch(home: Path, owner: Path | None) -> None:
    """End this process, a server, when its owner is gone, or when its home doesn't know it any more."""
    Thread(target=_look, args=(home,), daemon=True).start()
    if owner:
        Thread(target=_wait, args=(owner,), daemon=True).start()


def _look(home: Path) -> None:
    while record.known(home).pid == os.getpid():
        time.sleep(INTERVAL)
    _end()


def _wait(owner: Path) -> None:
    try:
        with owner.open() as file:
            fcntl.flock(file, fcntl.LOCK_SH)
    except OSError:  # it ended before this could look
        pass
    _end()


def _end() -> None:
    os.kill(os.getpid(), signal.SIGTERM)
