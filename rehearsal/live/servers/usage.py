"""What the processes of each host use: one walk through /proc for all hosts."""

import contextlib
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Used:
    """What the processes of a host use."""

    cpu: float = 0.0
    """Cores, in the time since the last look."""
    memory: int = 0
    """Bytes that are resident; what processes share counts for each."""
    processes: int = 0


@dataclass
class Usage:
    """Measures by the difference between two looks."""

    _seconds: dict[int, float] = field(default_factory=dict)
    """CPU seconds by process id."""
    _looked: float = 0.0

    def look(self, namespaces: Mapping[int, str]) -> dict[str, Used]:
        """Return what the processes in network namespaces (by inode) use, by name of the host."""
        now, seconds = time.monotonic(), {}
        found = dict.fromkeys(namespaces.values(), Used())
        passed = now - self._looked
        for folder in Path("/proc").iterdir():
            if not folder.name.isdigit():
                continue
            with contextlib.suppress(OSError, ValueError, IndexError):
                host = namespaces.get((folder / "ns" / "net").stat().st_ino)
                if host is None:
                    continue
                pid = int(folder.name)
                fields = (folder / "stat").read_text().rpartition(") ")[2].split()
                seconds[pid] = (int(fields[11]) + int(fields[12])) / TICKS
                cpu = (seconds[pid] - self._seconds.get(pid, seconds[pid])) / passed if passed else 0.0
                had = found[host]
                found[host] = Used(had.cpu + cpu, had.memory + int(fields[21]) * PAGE, had.processes + 1)
        self._seconds, self._looked = seconds, now
        return found
