"""How a restore test says in the journal what it measured, and how that is read again. No SDK here."""

import re

from ha_web.recovery.durations import format_duration

MEASURED = re.compile(r"usable after (\d+) s \(")


def said(seconds: float, facts: str) -> str:
    """Return the outcome of a check."""
    return f"usable after {seconds:.0f} s ({format_duration(round(seconds))}): {facts}"


def read(outcome: str) -> float | None:
    """Return the seconds that an outcome tells of; None if it tells of none."""
    found = MEASURED.search(outcome)
    return float(found[1]) if found else None
