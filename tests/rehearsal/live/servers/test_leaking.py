"""A process that leaks files: it takes no new connection, and goes on with those that it has."""

import subprocess
import sys

from rehearsal.live.servers.leaking import leave

OPENS = """
import sys
for line in sys.stdin:
    try:
        kept = globals().setdefault("kept", [])
        kept.append(open("/dev/null"))
        print("opened", flush=True)
    except OSError as error:
        print(error.errno, flush=True)
"""


def test_it_opens_what_is_left_and_no_more_until_it_is_mended() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", OPENS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as it:
        stdin, stdout = it.stdin, it.stdout
        assert stdin is not None
        assert stdout is not None

        def opens() -> str:
            stdin.write("\n")
            stdin.flush()
            return stdout.readline().strip()

        assert opens() == "opened"
        leave(it.pid, 2)
        assert [opens() for _ in range(4)] == ["opened", "opened", "24", "24"]
        leave(it.pid, 100)
        assert opens() == "opened"
        stdin.close()


def test_one_that_has_ended_leaks_no_more() -> None:
    with subprocess.Popen(["true"]) as ended:
        ended.wait()
    leave(ended.pid, 1)
