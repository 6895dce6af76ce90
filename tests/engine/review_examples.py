"""The reports that are kept in docs/reviews/ as examples: written by `make reviews`, and compared in shape by tests."""

import os
import re
from collections.abc import Callable

from rehearsal.home import CHECKOUT

FOLDER = CHECKOUT / "docs" / "reviews"
WRITE = "HA_WEB_WRITE_REVIEWS"
"""The environment variable with which a test writes its example anew."""

NOTE = "<!-- Written by `make reviews` from the real engine's preview; random ids are numbered. -->\n"
RANDOM = (
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{1,12}|[0-9a-f]{8}(?:-[0-9a-f]{1,4}){1,3}(?=…)",
    r"(?<=sg-)[0-9a-f]{17}\b",
    r"(?<=-)(?=[a-f]*[0-9])[0-9a-f]{7}\b",
)
"""UUIDs of keys and certificates, which may be cut short, ids of EC2, and what Pulumi puts after a name."""


def kept(name: str, report: str) -> None:
    """Write the example where that is asked for; it has the headings and the verdict of what the engine says now."""
    file = FOLDER / name
    if os.environ.get(WRITE):
        FOLDER.mkdir(parents=True, exist_ok=True)
        file.write_text(NOTE + numbered(report))
    assert shape(file.read_text()) == shape(report), f"{name} is stale: run make reviews"


def shape(report: str) -> list[str]:
    """Verdict and headings."""
    return [line for line in report.splitlines() if line.startswith(("#", "⛔", "⚠", "✅", "❌"))]


def numbered(report: str) -> str:
    """The report with random ids numbered in their order, so that the next run writes the same."""
    for pattern in RANDOM:
        report = re.sub(pattern, _counter(), report)
    return report


def _counter() -> Callable[[re.Match[str]], str]:
    seen: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        digits = len(found[0].replace("-", ""))
        plain = iter(f"{seen.setdefault(found[0], len(seen) + 1):0{digits}d}")
        return "".join(character if character == "-" else next(plain) for character in found[0])

    return number
