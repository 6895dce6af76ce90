"""Who follows whom: decided from what the nodes say of themselves, without asking any of them."""

from collections.abc import Mapping
from dataclasses import dataclass

Address = tuple[str, int]


@dataclass(frozen=True)
class Info:
    """What a node says of itself, of Valkey's INFO (https://valkey.io/commands/info/)."""

    is_primary: bool
    follows: Address | None
    linked: bool
    """Whether it has what it follows, and hears of it."""
    syncing: bool
    offset: int
    """Bytes of the stream of changes that it has."""
    history: str
    """The id of that stream."""
    former_history: str
    """The id before it was promoted, and up to where it had that one."""
    former_offset: int
    memory: int
    most_memory: int
    evicted: int
    keys: int
    cpu_seconds: float = 0.0
    serves: bool = True
    """Whether it answers clients: in cluster mode, whether it knows who has all keys."""

    @classmethod
    def read(cls, text: str) -> "Info":
        """Read the answer to INFO."""
        facts = dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
        primary = facts.get("role") == "master"
        keys = facts.get("db0", "keys=0").split(",")[0].removeprefix("keys=")
        number = "master_repl_offset" if primary else "slave_repl_offset"
        return cls(
            is_primary=primary,
            follows=None if primary else (facts["master_host"], int(facts["master_port"])),
            linked=primary or facts.get("master_link_status") == "up",
            syncing=facts.get("master_sync_in_progress") == "1",
            offset=int(facts.get(number, 0)),
            history=facts.get("master_replid", ""),
            former_history=facts.get("master_replid2", ""),
            former_offset=int(facts.get("second_repl_offset", -1)),
            memory=int(facts.get("used_memory", 0)),
            most_memory=int(facts.get("maxmemory", 0)),
            evicted=int(facts.get("evicted_keys", 0)),
            keys=int(keys),
            cpu_seconds=float(facts.get("used_cpu_user", 0)) + float(facts.get("used_cpu_sys", 0)),
            serves=facts.get("cluster_state", "ok") == "ok",
        )


def successor(replicas: Mapping[str, Info]) -> str | None:
    """Return the replica with the most data; of equals the first by its name.

    ElastiCache promotes the one with the least lag:
    https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoFailover.html
    """
    if not replicas:
        return None
    return min(replicas, key=lambda name: (-replicas[name].offset, name))


def wanted(head: str, addresses: Mapping[str, Address], upstream: Address | None) -> dict[str, Address | None]:
    """Return whom each node of a group has to follow: the others their head, the head what is upstream, if anything."""
    return {name: upstream if name == head else addresses[head] for name in addresses}


def unreplicated(old: Info, new: Info) -> int:
    """Return how many bytes of changes a former primary has that the one which was promoted never got."""
    if not old.is_primary or old.history != new.former_history:
        return 0
    return max(0, old.offset - (new.former_offset - 1))
