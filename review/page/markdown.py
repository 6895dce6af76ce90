"""Markdown that GitHub and GitLab render: names and values escaped, tables, folds."""

import html
import re
from collections.abc import Iterable, Sequence

from review.plan.values import Mark, shown

LONGEST_NAME = 70
LONGEST_VALUE = 90


def cut(text: str, longest: int) -> str:
    """At most `longest` characters, from the beginning."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def cut_middle(text: str, longest: int) -> str:
    """At most about `longest` characters, from both ends: a traceback says at its end what went wrong."""
    half = longest // 2
    return text if len(text) <= longest else f"{text[:half]}\n[...]\n{text[-half:]}"


def code(text: str, longest: int = LONGEST_NAME) -> str:
    """A name or value as code, in which nothing is Markdown, HTML or a mention. Fit for a table's cell."""
    line = cut(" ".join(text.split()), longest)
    if not line:
        return ""
    if re.search(r"[`|\\]", line):  # a code span in a cell can't hold these in every renderer
        return f"<code>{entities(line)}</code>"
    return f"`{line}`"


def entities(line: str) -> str:
    """Text in which every character that means something to Markdown is an entity."""
    return re.sub(r"[`|\\*_\[\]{}~$@#<>&]|:(?=//)", lambda found: f"&#{ord(found[0])};", line)


def text(message: str, longest: int = 400) -> str:
    """A sentence of somebody else's as plain text. Mentions and references lead nowhere."""
    line = cut(" ".join(message.split()), longest)
    return re.sub(r"[`|\\*_\[\]{}~$<>&]|[@#](?=\w)", plainly, line)


def plainly(found: re.Match[str]) -> str:
    """A special character as one that means nothing. An empty comment keeps a mention from being one."""
    character = found[0]
    return f"{character}<!-- -->" if character in "@#" else f"&#{ord(character)};"


def value(something: object) -> str:
    """A property's value, or what stands for it."""
    return (
        f"*{something}*"
        if isinstance(something, Mark) and something[:1] != "["
        else code(shown(something), LONGEST_VALUE)
    )


def pair(before: object, after: object) -> tuple[str, str]:
    """Two values side by side. Long ones are cut so that the place where they differ can be seen."""
    if isinstance(before, Mark) or isinstance(after, Mark):
        return value(before), value(after)
    first, second = shown(before), shown(after)
    if max(len(first), len(second)) <= LONGEST_VALUE:
        return value(before), value(after)
    same = next(
        (i for i, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), min(len(first), len(second))
    )
    start = max(0, same - 20)
    mark = "…" if start else ""
    return code(mark + first[start:], LONGEST_VALUE), code(mark + second[start:], LONGEST_VALUE)


def row(cells: Iterable[str]) -> str:
    """A table's row."""
    return f"| {' | '.join(cells)} |"


def header(*names: str) -> list[str]:
    """The head of a table."""
    return [row(names), "|" + "---|" * len(names)]


def table(names: Sequence[str], rows: Sequence[Sequence[str]], most: int = 30) -> list[str]:
    """A table of at most so many rows; the rest is counted."""
    lines = [*header(*names), *(row(each) for each in rows[:most])]
    return lines if len(rows) <= most else [*lines, "", f"... and {len(rows) - most} more."]


def summary_line(text: str) -> str:
    """The line that a closed fold shows, as HTML: Markdown isn't rendered there."""
    return re.sub(r"[@#](?=\w)", plainly, html.escape(" ".join(text.split()), quote=False))


def fold(summary: str, lines: Iterable[str]) -> list[str]:
    """A part that opens on a click."""
    return [f"<details><summary>{summary_line(summary)}</summary>", "", *lines, "", "</details>"]
