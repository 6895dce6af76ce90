"""A leak of open files: a process that may open no more takes no connections either, and goes on with those it has.

https://man7.org/linux/man-pages/man2/getrlimit.2.html (RLIMIT_NOFILE)
"""

import contextlib
import resource
from pathlib import Path


def leave(pid: int, more: int) -> None:
    """Let a process open so many more files only; what it closes meanwhile it can open again, until the next call.

    The limit is of a file's number, not of how many there are: so it is counted from the lowest number that is free.
    """
    with contextlib.suppress(OSError, ValueError):  # it has just ended
        taken = {int(each.name) for each in Path(f"/proc/{pid}/fd").iterdir()}
        free = next(number for number in range(len(taken) + 1) if number not in taken)
        _, hard = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (min(free + more, hard), hard))
