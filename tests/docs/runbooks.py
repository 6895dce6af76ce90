"""The runbooks as data: their headings, and the commands in their blocks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rehearsal.home import CHECKOUT

FOLDER = CHECKOUT / "docs" / "runbooks"

HEADINGS = (
    "How you notice",
    "How bad it is",
    "What to do",
    "How you know that it worked",
    "How you go back",
)
"""Of each runbook, in this order."""

BLOCK = re.compile(r"^[ ]*```(\w*)\n(.*?)^[ ]*```", re.M | re.S)
HEADING = re.compile(r"^## (.*)$", re.M)


@dataclass(frozen=True)
class Command:
    """One command of a runbook."""

    page: str
    """The runbook's name."""
    text: str
    """As a person types it; without the remark behind it."""


def pages() -> list[Path]:
    """The runbooks, but for their table of contents."""
    return [path for path in sorted(FOLDER.glob("*.md")) if path.stem != "README"]


def headings(text: str) -> tuple[str, ...]:
    """The headings of the second level; those in blocks are none."""
    return tuple(HEADING.findall(BLOCK.sub("", text)))


def blocks(text: str) -> list[tuple[str, str]]:
    """The language and the text of each block."""
    return [(language, body) for language, body in BLOCK.findall(text)]


@cache
def commands() -> tuple[Command, ...]:
    """The commands of all runbooks, in the order of the pages."""
    return tuple(command for path in pages() for command in commands_of(path.stem, path.read_text()))


def commands_of(page: str, text: str) -> Iterator[Command]:
    """Yield the commands in the blocks of a page, one a line; a backslash joins lines."""
    for language, body in blocks(text):
        if language == "sh":
            for line in body.replace("\\\n", " ").splitlines():
                command = " ".join(re.sub(r"\s+# .*$", "", line).split())
                if command and not command.startswith("#"):
                    yield Command(page, command)
