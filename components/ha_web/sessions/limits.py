"""Limits and defaults that ElastiCache and MemoryDB share: nodes, snapshots, windows, identifiers. No SDK here."""

import hashlib
import re

FEWEST_NODES = 2
MOST_NODES = 6
"""A primary and five replicas.
https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html
https://docs.aws.amazon.com/memorydb/latest/APIReference/API_CreateCluster.html"""

MOST_RETENTION_DAYS = 35
"""Longest retention of automatic snapshots.
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-automatic.html"""

LONGEST_ID = 40
"""Characters in an identifier (the API pages of MOST_NODES)."""

DEFAULT_NODES = FEWEST_NODES
DEFAULT_RETENTION_DAYS = 7
DEFAULT_SNAPSHOT_WINDOW = "03:00-04:00"
DEFAULT_MAINTENANCE_WINDOW = "sun:04:30-sun:05:30"

DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
DAY_MINUTES = 24 * 60
WEEK_MINUTES = 7 * DAY_MINUTES
SHORTEST_WINDOW_MINUTES = 60
CLOCK = r"([01]\d|2[0-3]):([0-5]\d)"


def store_id(*parts: str) -> str:
    """Return an identifier that both services accept: lower case, starts with a letter, single hyphens, 40 characters.

    A longer one is cut and gets a digest, so that two long names stay different.
    """
    full = re.sub(r"[^a-z0-9]+", "-", "-".join(parts).lower()).strip("-")
    if not full[:1].isalpha():
        full = f"s-{full}".rstrip("-")
    if len(full) <= LONGEST_ID:
        return full
    digest = hashlib.sha256("-".join(parts).encode()).hexdigest()[:6]
    return f"{full[: LONGEST_ID - len(digest) - 1].rstrip('-')}-{digest}"


def window_problems(snapshot: str, maintenance: str) -> list[str]:
    """Refuse windows that are malformed, shorter than an hour, or that overlap, as AWS does."""
    daily, weekly = _daily(snapshot), _weekly(maintenance)
    problems = []
    if daily is None:
        problems.append(f'snapshot_window is "{snapshot}"; write hh:mm-hh:mm in UTC, at least an hour')
    if weekly is None:
        problems.append(f'maintenance_window is "{maintenance}"; write ddd:hh:mm-ddd:hh:mm in UTC, at least an hour')
    if daily and weekly and _overlap(daily, weekly):
        problems.append(f'snapshot_window is "{snapshot}"; it overlaps maintenance_window "{maintenance}"')
    return problems


def _daily(window: str) -> tuple[int, int] | None:
    """Return the start in minutes of the day, and the length in minutes."""
    match = re.fullmatch(f"{CLOCK}-{CLOCK}", window)
    if not match:
        return None
    hour, minute, end_hour, end_minute = map(int, match.groups())
    start, end = hour * 60 + minute, end_hour * 60 + end_minute
    length = (end - start) % DAY_MINUTES
    return (start, length) if length >= SHORTEST_WINDOW_MINUTES else None


def _weekly(window: str) -> tuple[int, int] | None:
    """Return the start in minutes of the week, and the length in minutes."""
    days = "|".join(DAYS)
    match = re.fullmatch(f"({days}):{CLOCK}-({days}):{CLOCK}", window.lower())
    if not match:
        return None
    day, hour, minute, end_day, end_hour, end_minute = match.groups()
    start = DAYS.index(day) * DAY_MINUTES + int(hour) * 60 + int(minute)
    end = DAYS.index(end_day) * DAY_MINUTES + int(end_hour) * 60 + int(end_minute)
    length = (end - start) % WEEK_MINUTES
    return (start, length) if length >= SHORTEST_WINDOW_MINUTES else None


def _overlap(daily: tuple[int, int], weekly: tuple[int, int]) -> bool:
    """Return whether the daily window, on any day, meets the weekly one."""
    start, length = weekly
    for day in range(-1, 15):
        begin = day * DAY_MINUTES + daily[0]
        if begin < start + length and start < begin + daily[1]:
            return True
    return False
