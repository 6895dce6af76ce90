"""One command at a time in a home, and a state that the engine can read: what is checked before a command begins."""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class BusyError(RuntimeError):
    """Another command is at work in the home."""


class DamagedStateError(RuntimeError):
    """The engine couldn't read the state."""


@contextmanager
def turn(root: Path, command: str) -> Iterator[None]:
    """Hold the home for a command; BusyError names the one that does, and its process. A killed one holds nothing."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / "command.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            other = lock.read().strip() or "another command"
            raise BusyError(f"{other} is running in {root}; wait for it or end it") from None
        lock.truncate(0)
        lock.write(f"`{command}` (process {os.getpid()})")
        lock.flush()
        try:
            yield
        finally:
            lock.truncate(0)


def check_state(root: Path) -> None:
    """Raise DamagedStateError where a stack's file isn't what the engine wrote, with what to do about it."""
    for file in sorted((root / "state" / ".pulumi" / "stacks").rglob("*.json")):
        if wrong := _wrong_with(file):
            raise DamagedStateError(
                f"{file} can't be used: {wrong}. `make reset` puts the state aside and starts over; to mend the file "
                f"by hand, there are former versions in {root / 'state' / '.pulumi' / 'backups'}"
            )


def _wrong_with(file: Path) -> str:
    try:
        state = json.loads(file.read_bytes())
    except ValueError as error:
        return f"it isn't JSON ({error})"
    checkpoint = state.get("checkpoint") if isinstance(state, dict) else None
    if not isinstance(checkpoint, dict):
        return "it has no checkpoint"
    resources = (checkpoint.get("latest") or {}).get("resources") or []
    return next((f"resource {n} has no {key}" for n, each in enumerate(resources) for key in _missing(each)), "")


def _missing(resource: Any) -> list[str]:
    """What every resource has and this one hasn't: https://www.pulumi.com/docs/iac/concepts/state-and-backends/"""
    known = resource if isinstance(resource, dict) else {}
    return [key for key in ("urn", "type") if not isinstance(known.get(key), str) or not known[key]]


def put_aside(root: Path) -> Path | None:
    """Move what the home knows of its stack into a folder of its own, and return that; None if it knows nothing.

    Reports, the plugins and the log stay where they are.
    """
    known = [path for name in ("state", "cloudflare.json") if (path := root / name).exists()]
    if not known:
        return None
    aside = root / time.strftime("aside-%Y%m%d-%H%M%S")
    aside.mkdir()
    for path in known:
        path.rename(aside / path.name)
    return aside
