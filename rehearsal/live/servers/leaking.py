"""A leak of open files: a process that may open no more takes no connections either, and goes on with those it has.

https://man7.org/linux/man-pages/man2/getrlimit.2.html (RLIMIT_NOFILE)
"""

import contextlib
import resource
from pathlib import Path


def leave(pid: int, more: int) -> int:
    """Let a process open so many more files only; return how many it has open."""
    have = 0
    with contextlib.suppress(OSError, ValueError):  # it has just ended
        # The highest number counts, not how many there are.
        have = max((int(each.name) for each in Path(f"/proc/{pid}/fd").iterdir()), default=-1) + 1
        _, hard = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (min(have + more, hard), hard))
    return have
