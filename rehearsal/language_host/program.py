"""Run one Pulumi program: the child process of `server.py`, which sends the order as JSON on stdin."""

import asyncio
import json
import runpy
import sys
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

import pulumi
import pulumi.runtime

REPORTED = 32
"""Tells `server.py` that the user has seen the reason."""


def configure(order: dict[str, Any]) -> None:
    """Tell the SDK where the engine is and what the stack's config says."""
    pulumi.runtime.configure(
        pulumi.runtime.Settings(
            monitor=order["monitor"],
            engine=order["engine"],
            project=order["project"],
            stack=order["stack"],
            organization=order["organization"],
            root_directory=order["root_directory"],
            parallel=order["parallel"],
            dry_run=order["dry_run"],
        )
    )
    pulumi.runtime.set_all_config(order["config"], order["secret_keys"])


def drop_debug_messages() -> None:
    """Keep the SDK's debug messages from the engine, which drops them itself.

    The SDK sends three or four a resource, each a call that it waits for: a twentieth of a preview's time.
    """
    pulumi.log.debug = lambda *_, **__: None


def run(program: str) -> int:
    """Run the program inside a stack; errors go to the engine's log."""
    folder = Path(program)
    sys.path[0] = str(folder if folder.is_dir() else folder.parent)
    sys.argv = [program]
    try:
        asyncio.run(pulumi.runtime.run_in_stack(lambda: execute(program)))
    except pulumi.RunError as error:
        pulumi.log.error(str(error))
        return REPORTED
    except Exception as error:
        error.with_traceback(from_program(error.__traceback__, sys.path[0]))
        trace = "".join(traceback.format_exception(error))
        pulumi.log.error(f"Program failed with an unhandled exception:\n{trace}")
        return REPORTED
    return 0


def execute(program: str) -> None:
    """Run the program as `python` would."""
    runpy.run_path(program, run_name="__main__")


def from_program(trace: TracebackType | None, folder: str) -> TracebackType | None:
    """The traceback from the program's own first line on; what runs the program is of no interest."""
    first = trace
    while first and not first.tb_frame.f_code.co_filename.startswith(folder):
        first = first.tb_next
    return first or trace


def main() -> None:
    """Read the order, run, exit."""
    order = json.load(sys.stdin)
    configure(order)
    drop_debug_messages()
    try:
        code = run(order["program"])
    except KeyboardInterrupt:
        code = REPORTED
    sys.stdout.flush()
    sys.exit(code)


if __name__ == "__main__":
    main()
