"""Pass on the engine's events that may be kept: pulumi preview --json | python -m review.kept > events.jsonl

The engine masks secrets in resources, but not in the SDK's debug messages, which are events like any other. A line that
was cut off is left out too, for what it was can't be known; the review misses the end of the stream then.
"""

import json
import signal
import sys


def may_be_kept(line: str) -> bool:
    """Whether an event has secrets masked. What is no event, an error of the command say, is kept."""
    if not line.startswith("{"):
        return True
    try:
        event = json.loads(line)
    except ValueError:
        return False
    return (event.get("diagnosticEvent") or {}).get("severity") != "debug"


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the engine's: what it says until it ends is kept
    sys.stdout.writelines(line for line in sys.stdin if may_be_kept(line))
