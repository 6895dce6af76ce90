"""The first process of the namespaces: starts the daemon, and takes leave of what nobody else waits for.

A process whose parent has ended becomes a child of the first one, and stays in the table of processes until that one
waits for it: servers, stores and databases leave many (https://man7.org/linux/man-pages/man7/pid_namespaces.7.html).
"""

import os
import signal
import subprocess
import sys


def main(words: list[str]) -> int:
    """Run a command until it ends; return its exit code, or 128 and the number of the signal that ended it."""
    child = subprocess.Popen(words)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda told, _: child.send_signal(told))
    while True:
        pid, status = os.wait()
        if pid == child.pid:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
