"""The way into a command: whatever ends it is one line and an exit code, never a traceback."""

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable, Iterable
from threading import current_thread, main_thread

from botocore.exceptions import BotoCoreError, ClientError

from ops.core.errors import DONE, INTERRUPTED, NOT_ASKED, NOT_DONE, OpsError, explained, reason_of
from ops.core.policy import Call, document

TRACEBACK = "HA_WEB_TRACEBACK"
"""Environment variable that lets a mistake of ours show its traceback."""


def guarded(work: Callable[[], int]) -> int:
    """Do a command's work and return its exit code. SIGTERM ends it as Ctrl-C does: in order."""
    before = signal.signal(signal.SIGTERM, _interrupt) if current_thread() is main_thread() else None
    try:
        return work()
    except OpsError as error:
        return _ended(str(error), error.code)
    except (ClientError, BotoCoreError) as error:
        return _ended(explained(error, getattr(error, "kwargs", {}).get("endpoint_url", "")), NOT_ASKED)
    except BrokenPipeError:
        # Whoever read this has seen enough; the interpreter must not complain when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOT_DONE
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return INTERRUPTED
    except Exception as error:
        if os.environ.get(TRACEBACK):
            raise
        return _ended(f"{reason_of(error)}; {TRACEBACK}=1 shows where", NOT_DONE)
    finally:
        if before is not None:
            signal.signal(signal.SIGTERM, before)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


OUTPUTS = Call("s3", "get_object")
"""Reads the copy of the outputs, whatever else a command calls."""


def command(options: argparse.Namespace, name: str, calls: Iterable[Call], work: Callable[[], int]) -> int:
    """Print what a command needs, with --policy, or do its work; return the exit code."""

    def told() -> int:
        needed = (*calls, OUTPUTS) if hasattr(options, "outputs") else calls
        print(json.dumps(document(name, needed), indent=2))
        return DONE

    return guarded(told if options.policy else work)


def _ended(reason: str, code: int) -> int:
    print(f"error: {' '.join(reason.split())}", file=sys.stderr)
    return code
