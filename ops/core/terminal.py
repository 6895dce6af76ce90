"""What a person sees: lines, a clock beside what takes long, a question before something changes."""

import contextlib
import json
import os
import re
import shutil
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any, TextIO

BOLD, RED, GREEN, YELLOW, DIM, PLAIN = "\033[1m", "\033[31m", "\033[32m", "\033[33m", "\033[2m", "\033[0m"
COLOURS = {"bold": BOLD, "bad": RED, "good": GREEN, "warn": YELLOW, "dim": DIM}

HOME = "\033[H\033[J"
"""To the top left, and the screen empty."""

COLOUR = re.compile("\033\\[[0-9]+m")

AFTER = 1.0
"""Seconds after which something that takes long shows a clock."""


class Terminal:
    """Prints for a person on a terminal, plain lines elsewhere, nothing but one JSON document with `as_json`."""

    def __init__(self, out: TextIO | None = None, *, as_json: bool = False) -> None:
        self._out = out or sys.stdout
        self.as_json = as_json
        self.live = self._out.isatty() and os.environ.get("TERM") != "dumb" and not as_json
        """Whether a line may change in its place; False where the output is JSON, also on a terminal."""
        self.colours = self.live and not os.environ.get("NO_COLOR")
        self._line, self._progress = "", ""

    def say(self, text: str = "") -> None:
        """Print a line; to the side where the output is JSON."""
        out = sys.stderr if self.as_json else self._out
        self._clear()
        print(text, file=out, flush=True)

    def document(self, value: Any) -> None:
        """Print the one JSON document."""
        print(json.dumps(value, indent=2, default=str), file=self._out, flush=True)

    def paint(self, text: str, how: str) -> str:
        """Colour a text, on a terminal that knows colours."""
        return f"{COLOURS[how]}{text}{PLAIN}" if self.colours else text

    def agreed(self, question: str) -> bool:
        """Ask a person; nobody there is no agreement."""
        if not sys.stdin.isatty():
            return False
        self._clear()
        print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
        return sys.stdin.readline().strip().lower() in ("y", "yes")

    def show(self, text: str) -> None:
        """Show where something is at: one line that changes on a terminal, a line each time elsewhere."""
        if not self.live:
            if text != self._line:
                self.say(f"   {text}")
            self._line = text
            return
        self._progress = text.strip()
        self._draw(f"   {self._progress}")

    def screen(self, lines: Sequence[str], last: str) -> None:
        """Show lines in place of what is on the terminal, from the first on as many as fit, and a last one."""
        width, height = shutil.get_terminal_size()
        room, shown = height - 2, 0
        for line in lines:
            room -= max(1, -(-len(COLOUR.sub("", line)) // width))
            if room < 0:
                break
            shown += 1
        more = f"{len(lines) - shown} more lines; " if shown < len(lines) else ""
        self._line = ""
        print(HOME + "\n".join([*lines[:shown], f"{more}{last}"[: width - 1]]), file=self._out, flush=True)

    def _draw(self, text: str, since: str = "") -> None:
        """Draw the line that changes."""
        width, _ = shutil.get_terminal_size()
        self._line = text[: width - 1 - len(since)] + since
        print(f"\033[2K{self._line}", end="\r", file=self._out, flush=True)

    def _clear(self) -> None:
        if self.live and self._line:
            print("\033[2K", end="\r", file=self._out, flush=True)
            self._line = ""

    @contextlib.contextmanager
    def clock(self, text: str) -> Iterator[None]:
        """Show for how long something takes, once it takes longer than a second, and where it is at."""
        self._progress = ""
        ended = threading.Event()
        began = time.monotonic()

        def tick() -> None:
            while not ended.wait(AFTER):
                if self.live:
                    self._draw(f"   {self._progress or text}", f" … {time.monotonic() - began:.0f} s")

        ticking = threading.Thread(target=tick, daemon=True)
        ticking.start()
        try:
            yield
        finally:
            ended.set()
            ticking.join()
            self._clear()
