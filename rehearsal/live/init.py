"""The first process of the namespaces: starts the daemon, ends with the door, takes leave of what nobody waits for.

A process whose parent has ended becomes a child of the first one, and stays in the table of processes until that one
waits for it: servers, stores and databases leave many (https://man7.org/linux/man-pages/man7/pid_namespaces.7.html).
"""

import os
import signal
import subprocess
import sys
import threading
import time

GRACE = 5.0
"""Seconds that the daemon has to end by itself."""


def main(words: list[str]) -> int:
    """Run a command until it ends; return its exit code, or 128 and the number of the signal that ended it.

    It is asked to end when standard input does: whoever holds the other side is gone then, however it ended.
    """
    child = subprocess.Popen(words, stdin=subprocess.DEVNULL)
    threading.Thread(target=_end_with_input, args=(child,), daemon=True).start()
    while True:
        pid, status = os.wait()
        if pid == child.pid:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code


def _end_with_input(child: subprocess.Popen[bytes]) -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os.kill(child.pid, signal.SIGTERM)
    time.sleep(GRACE)
    os._exit(128 + signal.SIGKILL)  # and with the first process all others of its namespace


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
