"""Filters out events that may show secrets: pulumi preview --json | python -m review.filter_events > events.jsonl

The engine masks secrets in resources, but not in the SDK's debug messages, which are events like any other. A line
that was cut off is left out too, because it can't be classified; the review then misses the end of the stream.

What is left still has every property of every resource in clear that the program didn't mark as a secret. The report
masks what looks like one besides: publish that, and not the events.
"""

import json
import signal
import sys


def may_be_kept(line: str) -> bool:
    """Return whether a line has secrets masked. Lines that are no events, such as the command's errors, are kept."""
    if not line.startswith("{"):
        return True
    try:
        event = json.loads(line)
    except ValueError:
        return False
    return (event.get("diagnosticEvent") or {}).get("severity") != "debug"


def main() -> None:
    """Filter standard input to standard output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the engine's: its events until it ends are kept
    sys.stdout.writelines(line for line in sys.stdin if may_be_kept(line))


if __name__ == "__main__":
    main()
