"""A cluster's transaction log: the file that its primary writes before it answers, read by who must know of changes.

It is in no zone: a folder of the control plane. What one primary wrote, the next one reads before it takes writes.
https://docs.aws.amazon.com/memorydb/latest/devguide/consistency.html
"""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

from rehearsal.live.durable_stores import changes
from rehearsal.live.durable_stores.changes import Clocks, Time

FILE = Path("appendonlydir") / "appendonly.aof.1.incr.aof"
"""Where Valkey writes: it is never written anew, so there is no second one."""

OnChange = Callable[[bytes, bytes, Time], None]


class Log:
    """A log. `clocks`: when what was last changed in its Region; `heard`: who is told of what its users change."""

    def __init__(self, folder: Path, region: str) -> None:
        self.folder, self.region = folder, region
        self.clocks = Clocks()
        self.heard: list[OnChange] = []
        self._at = 0
        self._rest = b""

    def begin(self) -> None:
        """Begin an empty one."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(mode=0o700, parents=True)
        self._at, self._rest = 0, b""

    def read(self) -> None:
        """Read what was added. Its time is now: who reads it does so many times a second."""
        file = self.folder / FILE
        try:
            size = file.stat().st_size
            if size == self._at:
                return
            if size < self._at:  # the end of it was half a command, which the next primary has cut off
                self._at, self._rest = size, b""
                return
            with file.open("rb") as opened:
                opened.seek(self._at)
                added = opened.read()
        except FileNotFoundError:
            return
        self._at += len(added)
        text, end = self._rest + added, 0
        at = (time.monotonic(), self.region)
        for unit, whole in changes.units(text):
            end = whole
            if not changes.is_copy(unit):
                self._changed(unit, at)
        self._rest = text[end:]

    def _changed(self, unit: changes.Unit, at: Time) -> None:
        for key, field in changes.changed(unit):
            self.clocks.set(key, field, at)
            for hear in self.heard:
                hear(key, field, at)
