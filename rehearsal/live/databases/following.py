"""Who follows whom among instances, and who is promoted: decided without asking any of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

QUESTION = """
SELECT pg_is_in_recovery() AS recovering,
       ((CASE WHEN pg_is_in_recovery() THEN greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())
              ELSE pg_current_wal_lsn() END) - '0/0')::bigint AS position,
       (SELECT sender_host FROM pg_stat_wal_receiver WHERE status = 'streaming') AS source,
       current_setting('synchronous_standby_names') AS synchronous,
       ARRAY(SELECT application_name FROM pg_stat_replication WHERE state = 'streaming') AS followers
"""


@dataclass(frozen=True)
class Info:
    """What an instance says of itself. `position`: bytes of the log that it has; `source`: whom it hears from."""

    recovering: bool
    position: int
    source: str | None = None
    synchronous: str = ""
    followers: tuple[str, ...] = ()


def successor(readers: Mapping[str, Info], confirming: Collection[str], tiers: Mapping[str, int]) -> str | None:
    """Return the reader to promote: of those that commits waited for, the one with the most, and of equals by tier.

    All of Aurora's readers have what was committed, and the tier decides; here only those that commits waited for do.
    https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html
    """
    candidates = {name: info for name, info in readers.items() if name in confirming} or dict(readers)
    if not candidates:
        return None
    return min(candidates, key=lambda name: (-candidates[name].position, tiers.get(name, 1), name))


def wanted(head: str, addresses: Mapping[str, str], upstream: str | None) -> dict[str, str | None]:
    """Return whom each instance has to follow: the others their head, the head what is upstream, if anything."""
    return {name: upstream if name == head else addresses[head] for name in addresses}
