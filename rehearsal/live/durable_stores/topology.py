"""What the nodes of a cluster know of one another from the start: Valkey's own file, written by the control plane.

https://valkey.io/topics/cluster-spec/
"""

from collections.abc import Mapping
from hashlib import sha1

from rehearsal.live.stores.configuration import INNER_PORT

BUS_PORT = INNER_PORT + 10_000
"""Where nodes talk about each other: Valkey's own distance from the port."""

LAST_SLOT = 16_383
"""One shard has them all."""


def identity(name: str) -> str:
    """Return a node's id: 40 hexadecimal digits."""
    return sha1(name.encode(), usedforsecurity=False).hexdigest()


def nodes_file(mine: str, head: str, known: Mapping[str, tuple[str, str]], epoch: int) -> str:
    """Return a node's file.

    Args:
        mine: its name.
        head: name of the primary.
        known: address and host name of each node, by name.
        epoch: how often the shard has got another primary, counted from 1; the higher one is believed.
    """
    lines = []
    for name, (address, host) in known.items():
        role = "master" if name == head else "slave"
        flags = f"myself,{role}" if name == mine else role
        follows = "-" if name == head else identity(head)
        slots = f" 0-{LAST_SLOT}" if name == head else ""
        own = epoch if name == head else 0
        place = f"{address}:{INNER_PORT}@{BUS_PORT},{host}"
        lines.append(f"{identity(name)} {place} {flags} {follows} 0 0 {own} connected{slots}")
    return "".join(f"{line}\n" for line in [*lines, f"vars currentEpoch {epoch} lastVoteEpoch 0"])
