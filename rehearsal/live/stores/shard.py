"""Nodes of which one takes the writes: what the control planes of ElastiCache and MemoryDB both make of them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from typing import Any, Generic, TypeVar

from rehearsal.live.data.outbox import Outbox
from rehearsal.live.lab import Lab
from rehearsal.live.network.places import Place
from rehearsal.live.stores.engine import Engine
from rehearsal.live.stores.protocol import Command

DETECTION = 5.0
"""Seconds at AWS without an answer until a node counts as failed. An assumption: AWS publishes no time."""

SHORTEST_DETECTION = 1.5
"""Seconds here: a machine that was busy for a moment is no failed node, at any pace."""

MISSES = 3
"""Answers that must be missing, too: this process may have been busy itself."""

GIVEN_UP = 20.0
"""Seconds here until a head that nobody can follow is replaced: ElastiCache's with the loss of all it had."""

REPLACEMENT = 60.0
"""Seconds at AWS until a failed node is replaced; its name and address stay. An assumption, like the one before.
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ClientConfig.DNS.html"""

ENDPOINT_TTL = 5.0
"""Seconds at AWS; ElastiCache says only that names must be resolved often. An assumption."""

PROBE = 1.0
"""Seconds at AWS for a node's answer."""

SHORTEST_PROBE = 0.4
"""Seconds here: this machine may be busy."""

N = TypeVar("N", bound=Engine)


class Shard(Generic[N]):
    """Nodes by name. `head`: the one that takes writes, or follows another Region's."""

    lab: Lab
    outbox: Outbox
    nodes: dict[str, N]
    head: str
    _reported: dict[str, str]

    @property
    def region(self) -> str:
        """Its Region."""
        raise NotImplementedError

    async def look(self) -> None:
        """Ask all nodes how they are."""
        limit = max(SHORTEST_PROBE, self.lab.pace.real(PROBE))
        await asyncio.gather(*(node.probe(limit) for node in self.nodes.values()))

    async def until_up(self) -> None:
        """Look until all nodes answer, for a few seconds at most."""
        for _ in range(60):
            await self.look()
            if all(node.answers for node in self.nodes.values()):
                break
            await asyncio.sleep(0.05)

    async def tell(self, commands: Sequence[Command]) -> None:
        """Give commands to all nodes that answer. Raises OSError or ReplyError."""
        for node in self.nodes.values():
            if commands and node.answers:
                await node.tell(*commands)

    def lacking(self) -> Iterator[str]:
        """Say which nodes are not as they should be."""
        for name, node in self.nodes.items():
            if (state := node.state) != "available":
                yield f"{name} is {state}"

    def failed(self, node: N) -> bool:
        """Whether a node has been silent for so long that it counts as failed."""
        silent, limit = node.silent_since, max(SHORTEST_DETECTION, self.lab.pace.real(DETECTION))
        return silent is not None and node.misses >= MISSES and time.monotonic() - silent >= limit

    def reaches(self, node: N) -> bool:
        """Whether the Region's control plane, which is in no zone, reaches a node's zone."""
        return self.lab.fabric.reachable(Place(self.region), node.place)

    def silence(self, node: N) -> float:
        """Seconds at AWS that a node has been silent."""
        return self.lab.pace.aws(time.monotonic() - (node.silent_since or time.monotonic()))

    def take_out(self, node: N) -> bool:
        """Have a failed node replaced as a whole; return whether it is time to put another in its place.

        A head that nobody can follow gets a while. What is in a zone that isn't reached stays as it is.
        """
        given_up = node is not self.nodes[self.head] or time.monotonic() - (node.silent_since or 0) > GIVEN_UP
        if given_up and not node.lost and self.reaches(node):
            node.lose()  # what froze in it never comes back
        if node.lost and node.replaced_at is None:
            node.replaced_at = time.monotonic() + self.lab.pace.real(REPLACEMENT)
        return node.replaced_at is not None and time.monotonic() >= node.replaced_at

    def report(self) -> None:
        """Tell the account which nodes are lost, and which are back."""
        now = {
            name: "lost" if node.state in ("lost", "silent") else "available"
            for name, node in self.nodes.items()
            if self.failed(node) or node.answers
        }
        changed = {name: state for name, state in now.items() if self._reported.get(name, "available") != state}
        if changed:
            self.outbox.nodes(self.region, changed)
            self._reported |= changed

    def behind(self, node: N) -> float:
        """Seconds here that a node lags behind the head."""
        return node.lag_behind(self.nodes[self.head])

    def note(self, text: str, node: N, **fields: Any) -> None:
        """Note what happened to a node."""
        own = {"region": self.region, "zone": node.place.zone, "subject": node.spec.id}
        self.lab.events.note("store", text, **own, **fields)

    def described(self) -> Iterator[dict[str, Any]]:
        """Plain data of the nodes for the console."""
        for name, node in self.nodes.items():
            info = node.info
            yield {
                "id": name,
                "zone": node.place.zone,
                "address": node.address,
                "role": "primary" if name == self.head else "replica",
                "state": node.state,
                "memory": info.memory if info else 0,
                "keys": info.keys if info else 0,
                "evicted": info.evicted if info else 0,
                **({} if name == self.head else {"lag": round(self.lab.pace.aws(self.behind(node)), 1)}),
            }

    def measured(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """What CloudWatch's metrics are made of, by node; none of one that doesn't answer."""
        for name, node in self.nodes.items():
            if node.info is None or not node.answers:
                continue
            used = node.info.memory / node.info.most_memory if node.info.most_memory else 0.0
            yield (
                name,
                {
                    "primary": name == self.head,
                    "memory": min(1.0, used),
                    "evicted": node.info.evicted,
                    "keys": node.info.keys,
                    "cpu": node.cpu,
                    "lag": self.lab.pace.aws(self.behind(node)) if name != self.head else 0.0,
                },
            )
