"""The output of the commands: plain lines; on a terminal also bold headings, its own width, a clock in long waits."""

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

WIDEST = 120
"""Columns of wrapped text: at most on a terminal, always elsewhere."""

EVERY = 20.0
"""Seconds between two lines of a count where there is no terminal; on one, the line is written anew each second."""


def say(line: str) -> None:
    """Print a line as it is, however long: names in it can be copied whole."""
    print(line, flush=True)


def is_terminal() -> bool:
    """Return whether a person watches the output, on a terminal that can move its cursor."""
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def width() -> int:
    """The columns that wrapped text may take."""
    return min(WIDEST, shutil.get_terminal_size().columns) if is_terminal() else WIDEST


def bold(text: str) -> str:
    """Make text bold on a terminal, unless NO_COLOR is set (https://no-color.org)."""
    return f"\033[1m{text}\033[0m" if is_terminal() and not os.environ.get("NO_COLOR") else text


@contextmanager
def clock() -> Iterator[None]:
    """Show on a terminal how long something has taken that prints nothing itself."""
    over, started = Event(), time.monotonic()

    def run() -> None:
        while not over.wait(1):
            _write_anew(f"  {_seconds_since(started)} s")

    ticking = Thread(target=run, daemon=True)
    if is_terminal():
        ticking.start()
    try:
        yield
    finally:
        over.set()
        if ticking.is_alive():
            ticking.join()
            _write_anew("")


@contextmanager
def counting(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show how far a count of `what` is; `total` is an estimate."""
    started = shown = time.monotonic()
    last = 0

    def reached(count: int) -> None:
        nonlocal shown, last
        last = count
        if time.monotonic() - shown >= (1 if is_terminal() else EVERY):
            shown = time.monotonic()
            line = f"  {count} of about {total} {what}, {_seconds_since(started)} s"
            _write_anew(line) if is_terminal() else say(line)

    try:
        yield reached
    finally:
        if is_terminal():
            _write_anew("")
    say(f"  {last} {what} in {_seconds_since(started)} s")


def _seconds_since(started: float) -> int:
    return int(time.monotonic() - started)


def _write_anew(line: str) -> None:
    print(f"\r\033[K{line}", end="", flush=True)
