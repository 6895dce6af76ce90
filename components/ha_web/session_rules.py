"""What holds for a session store: names, windows, rights, engine settings. No Pulumi here."""

import hashlib
import re

FEWEST_NODES = 2
MOST_NODES = 6
"""A primary and five replicas.
https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html"""

MOST_RETENTION_DAYS = 35
"""ElastiCache's longest retention of automatic snapshots.
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-automatic.html"""

LONGEST_ID = 40
"""Characters in an ElastiCache identifier (same API page)."""

ACCESS_STRING = "on ~* -@all +@connection +@read +@write +@transaction +wait -@admin -@dangerous"
"""What a web application needs for sessions: read and write keys, transactions, and WAIT for a replica.

No administration (CONFIG, REPLICAOF), nothing dangerous (FLUSHALL, KEYS, MIGRATE), no scripts and no channels.
All keys, because the store holds sessions and nothing else.
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html"""

PARAMETERS = {
    # When memory runs out, the longest unused session goes; keys without a TTL stay. `noeviction` would fail
    # every user's next write instead. (ElastiCache's default too, but one that a session store relies on.)
    # https://docs.aws.amazon.com/whitepapers/latest/database-caching-strategies-using-redis/evictions.html
    "maxmemory-policy": "volatile-lru",
    # Seconds. Connections of servers that died with their zone are freed after about one minute, not five (300).
    # https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html
    "tcp-keepalive": "60",
}
"""Engine parameters that differ from, or must not follow, ElastiCache's defaults."""

GLOBAL_FAMILIES = ("m7g", "m6g", "m5", "r7g", "r6g", "r6gd", "r5", "c7gn")
"""Families of node types that can be in a global datastore, in size large and above.
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Redis-Global-Datastores-Getting-Started.html"""

SMALL_SIZES = ("nano", "micro", "small", "medium")

DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
DAY_MINUTES = 24 * 60
WEEK_MINUTES = 7 * DAY_MINUTES
SHORTEST_WINDOW_MINUTES = 60
CLOCK = r"([01]\d|2[0-3]):([0-5]\d)"


def elasticache_id(*parts: str) -> str:
    """An identifier that ElastiCache accepts: lowercase, starts with a letter, single hyphens, 40 characters.

    A longer one is cut and gets a digest, so that two long names stay two.
    """
    full = re.sub(r"[^a-z0-9]+", "-", "-".join(parts).lower()).strip("-")
    if not full[:1].isalpha():
        full = f"s-{full}".rstrip("-")
    if len(full) <= LONGEST_ID:
        return full
    digest = hashlib.sha256("-".join(parts).encode()).hexdigest()[:6]
    return f"{full[: LONGEST_ID - len(digest) - 1].rstrip('-')}-{digest}"


def node_id(group_id: str, number: int) -> str:
    """The id of a group's node (cache cluster), counted from 1; it is CloudWatch's CacheClusterId.

    https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Replication.CreatingReplGroup.NoExistingCluster.html
    """
    return f"{group_id}-{number:03d}"


def store_problems(
    nodes: int, retention_days: int, snapshot_window: str, maintenance_window: str, node_type: str | None
) -> list[str]:
    """What would not survive a zone, or what ElastiCache would refuse: one sentence each."""
    problems = []
    if nodes < FEWEST_NODES:
        problems.append(f"nodes is {nodes}; surviving a zone needs at least {FEWEST_NODES}")
    elif nodes > MOST_NODES:
        problems.append(f"nodes is {nodes}; a replication group has at most {MOST_NODES}")
    if not 1 <= retention_days <= MOST_RETENTION_DAYS:
        problems.append(
            f"snapshot_retention_days is {retention_days}; snapshots are kept 1 to {MOST_RETENTION_DAYS} days"
        )
    if node_type is not None and not node_type.startswith("cache."):
        problems.append(f'node_type is "{node_type}"; the types of ElastiCache start with "cache."')
    return problems + window_problems(snapshot_window, maintenance_window)


def global_datastore_problem(node_type: str) -> str | None:
    """Why a store of this node type can't be in a global datastore (sessions in two regions); None if it can."""
    family, _, size = node_type.removeprefix("cache.").partition(".")
    if family in GLOBAL_FAMILIES and size and size not in SMALL_SIZES:
        return None
    smallest = ", ".join(f"cache.{each}.large" for each in GLOBAL_FAMILIES)
    return f'node_type is "{node_type}"; a global datastore needs size large or above, the smallest are {smallest}'


def window_problems(snapshot: str, maintenance: str) -> list[str]:
    """Windows that are no windows, shorter than an hour, or that overlap (ElastiCache refuses that)."""
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
    """Start in minutes of the day, and length in minutes."""
    match = re.fullmatch(f"{CLOCK}-{CLOCK}", window)
    if not match:
        return None
    hour, minute, end_hour, end_minute = map(int, match.groups())
    start, end = hour * 60 + minute, end_hour * 60 + end_minute
    length = (end - start) % DAY_MINUTES
    return (start, length) if length >= SHORTEST_WINDOW_MINUTES else None


def _weekly(window: str) -> tuple[int, int] | None:
    """Start in minutes of the week, and length in minutes."""
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
    """Whether the daily window, on any day, meets the weekly one."""
    start, length = weekly
    for day in range(-1, 15):
        begin = day * DAY_MINUTES + daily[0]
        if begin < start + length and start < begin + daily[1]:
            return True
    return False
