"""The way into a command: whatever ends it is one line and an exit code, never a traceback."""

import os
import sys
from collections.abc import Callable

from botocore.exceptions import BotoCoreError, ClientError

from ops.core.errors import INTERRUPTED, NOT_ASKED, NOT_DONE, OpsError, explained


def guarded(work: Callable[[], int]) -> int:
    """Do a command's work and return its exit code."""
    try:
        return work()
    except OpsError as error:
        return _ended(str(error), error.code)
    except (ClientError, BotoCoreError) as error:
        return _ended(explained(error), NOT_ASKED)
    except BrokenPipeError:
        # Whoever read this has seen enough; the interpreter must not complain when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOT_DONE
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return INTERRUPTED


def _ended(reason: str, code: int) -> int:
    print(f"error: {' '.join(reason.split())}", file=sys.stderr)
    return code
