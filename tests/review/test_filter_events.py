"""The filter of events that may be kept, run as a pipeline runs it."""

import subprocess
import sys

from rehearsal.home import CHECKOUT

DEBUG = '{"sequence":1,"diagnosticEvent":{"message":"a secret in clear","severity":"debug"}}'
EVENT = '{"sequence":2,"resourcePreEvent":{"metadata":{"op":"delete","old":{"inputs":{"log":{"severity":"debug"}}}}}}'
ERROR = "error: no stack named 'prod' found"


def filtered(stream: str, module: str = "review.filter_events") -> str:
    """The module's output."""
    command = [sys.executable, "-m", module]
    return subprocess.run(command, input=stream, capture_output=True, text=True, check=True, cwd=CHECKOUT).stdout


def test_what_may_hold_a_secret_is_not_kept_and_no_change_is_lost_with_it() -> None:
    assert filtered(f"{DEBUG}\n{EVENT}\n{ERROR}\n{DEBUG[:-9]}") == f"{EVENT}\n{ERROR}\n"
