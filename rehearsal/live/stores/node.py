"""A node: a machine whose Valkey begins empty and follows whom the control plane says."""

from __future__ import annotations

from rehearsal.live.authority import Certificate
from rehearsal.live.stores import configuration
from rehearsal.live.stores.engine import Engine
from rehearsal.live.stores.following import Address
from rehearsal.live.stores.model import Group

CONTROL = "elasticache"
"""The user of the control plane and of replication; the account knows nothing of it."""


class Node(Engine):
    """A node."""

    user = CONTROL

    async def start(self, group: Group, certificate: Certificate, follow: Address | None) -> None:
        """Start it, empty; it follows another from its first moment."""
        text = configuration.valkey(self.address, self.folder, group.parameters, group.users, CONTROL, self.password)
        if follow is not None:
            text += f"replicaof {follow[0]} {follow[1]}\n"
        await self.boot(text, group.port, certificate)

    async def follow(self, upstream: Address | None) -> None:
        """Have it follow another, or nobody."""
        await self.tell(("REPLICAOF", *(upstream or ("NO", "ONE"))))
