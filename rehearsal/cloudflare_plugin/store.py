"""The store of the emulated Cloudflare, one JSON file: the paths of its API, and under each its objects by id.

    {"/accounts/<account>/load_balancers/monitors": {"<id>": {"id": "<id>", "interval": 15, ...}}}

Whoever edits the file makes drift, which the next refresh sees. Processes take turns at it by a lock.
"""

from __future__ import annotations

import fcntl
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ENVIRONMENT = "HA_WEB_CLOUDFLARE_STORE"
"""Names the file; the rehearsal's home sets it."""

FILE = "cloudflare.json"
"""Its name in the rehearsal's home."""

Objects = dict[str, dict[str, Any]]
"""Objects of a path, by id."""

_lock = threading.Lock()


@dataclass(frozen=True)
class Store:
    """A file of objects by path and id."""

    file: Path

    @contextmanager
    def open(self, *, change: bool = True) -> Iterator[dict[str, Objects]]:
        """All paths; what was changed is written when the block ends well."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with _lock, self.file.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            paths: dict[str, Objects] = json.loads(self.file.read_text()) if self.file.exists() else {}
            yield paths
            if change:
                new = self.file.with_suffix(".new")
                new.write_text(json.dumps(paths, indent=2, sort_keys=True) + "\n")
                new.replace(self.file)

    def find(self, path: str, id: str) -> dict[str, Any] | None:
        """An object, or None."""
        with self.open(change=False) as paths:
            return paths.get(path, {}).get(id)

    def records(self, kind: str) -> dict[str, str]:
        """Contents of the DNS records of a type in all zones, by name."""
        with self.open(change=False) as paths:
            found = [
                each for path, objects in paths.items() if path.endswith("/dns_records") for each in objects.values()
            ]
        return {each["name"]: each["content"] for each in found if each["type"] == kind}


def from_environment() -> Store:
    """The rehearsal's store; RuntimeError where nothing names one."""
    file = os.environ.get(ENVIRONMENT)
    if not file:
        raise RuntimeError(f"{ENVIRONMENT} is not set: the emulated cloudflare plugin works in a rehearsal's home only")
    return Store(Path(file))
