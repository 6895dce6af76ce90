"""A durable session store of one Region, and what MemoryDB's control plane there does by itself for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rehearsal.live.authority import Certificate
from rehearsal.live.data.outbox import Outbox
from rehearsal.live.durable_stores import configuration, topology
from rehearsal.live.durable_stores.log import Log
from rehearsal.live.durable_stores.model import Cluster
from rehearsal.live.durable_stores.node import CONTROL, Node
from rehearsal.live.lab import Lab
from rehearsal.live.stores import following
from rehearsal.live.stores.configuration import INNER_PORT
from rehearsal.live.stores.following import Info
from rehearsal.live.stores.protocol import ReplyError
from rehearsal.live.stores.shard import ENDPOINT_TTL, SHORTEST_PROBE, Shard

ROUNDING = 0.001
"""Seconds between two readings of the clock that are taken for one."""

LOADING = 60.0
"""Seconds here for a node to read the log."""


@dataclass
class DurableStore(Shard[Node]):
    """A cluster that runs. `head`: the node that takes writes, the only one that writes the log."""

    lab: Lab
    outbox: Outbox
    cluster: Cluster
    certificate: Certificate
    nodes: dict[str, Node]
    head: str
    log: Log
    lags: Mapping[str, float] = field(default_factory=dict)
    """Seconds here that this Region's changes wait for others, by Region."""
    _epoch: int = 1
    _published: tuple[str, ...] = ()
    _reported: dict[str, str] = field(default_factory=dict)

    # What it is

    @property
    def region(self) -> str:
        """Its Region."""
        return self.cluster.region

    @property
    def writes(self) -> bool:
        """Whether its head takes writes."""
        node = self.nodes[self.head]
        return bool(node.answers and node.info and node.info.is_primary and node.info.serves)

    def behind(self, node: Node) -> float:
        """Seconds here that a replica lags; 0 if it has all that the head had when that was asked before.

        Of the head's last answer it may lack something and be well: the head sends on what its log has, a moment later.
        """
        head = self.nodes[self.head]
        lag = 0.0 if node is head else node.lag_behind(head)
        return lag if lag > time.monotonic() - head.asked_at + ROUNDING else 0.0

    # Nodes

    async def begin(self, node: Node) -> None:
        """Start a node on a new machine: the head from the log, the others empty, to follow it."""
        leads = node is self.nodes[self.head]
        await node.boot(self._text(node, self.head, logs=leads), self.cluster.port, self.certificate)
        node.logs = leads

    async def meet(self, node: Node) -> None:
        """Let the head, and by it the others, know of a node that was added."""
        head = self.nodes[self.head]
        await head.tell(("CLUSTER", "MEET", node.address, INNER_PORT, topology.BUS_PORT))

    def _text(self, node: Node, head: str, *, logs: bool) -> str:
        node.folder.mkdir(parents=True, exist_ok=True)
        file = node.folder / "nodes.conf"
        known = {name: (each.address, each.spec.endpoint) for name, each in self.nodes.items()}
        file.write_text(topology.nodes_file(node.spec.id, head, known, self._epoch))
        users = configuration.users_of(self.cluster)
        return configuration.valkey(
            node.address, node.spec.endpoint, self.cluster.port, file, self.log.folder if logs else node.folder,
            logs=logs, parameters=self.cluster.parameters, users=users, control=CONTROL, password=node.password,
        )  # fmt: skip

    # What the control plane does

    async def look(self) -> None:
        """Ask all nodes how they are. The head waits while its zone is isolated: it doesn't reach the log."""
        head = self.nodes[self.head]
        head.hold(isolated=not self.reaches(head))
        await super().look()

    async def judge(self) -> None:
        """Promote another head for one that has failed, and have failed nodes replaced."""
        for name, node in self.nodes.items():
            if name != self.head and node.ended and self.reaches(node):
                await node.run(self._text(node, self.head, logs=False))
            if not self.failed(node):
                continue
            if name == self.head:
                await self._fail_over(node)
            if self.take_out(node):
                await self.replace(node)

    def _fit(self, node: Node) -> Info | None:
        """What a node says that could be promoted: any that answers, for what it lacks is in the log."""
        return node.info if node.answers and not node.lost and self.reaches(node) else None

    async def _fail_over(self, old: Node) -> None:
        others = {name: node for name, node in self.nodes.items() if node is not old}
        found = following.successor({name: info for name, node in others.items() if (info := self._fit(node))})
        if found is None:
            return
        new, silent, began = self.nodes[found], self.silence(old), time.monotonic()
        try:
            await self.promote(found)
        except (OSError, ReplyError):
            return  # the next look sees more
        took = self.lab.pace.aws(time.monotonic() - began)
        text = (
            f"{self.cluster.id}: {found} in {new.place.zone} promoted, {old.spec.id} was silent for {silent:.1f} s; "
            f"it read the log in {took:.1f} s"
        )
        self.note(text, new, level="warn")

    async def promote(self, name: str) -> None:
        """Make a node the head: whoever wrote the log is ended first, then it reads all of the log, then it leads.

        It reads it as a replica: a primary that starts anew takes no writes for its first two seconds.
        https://docs.aws.amazon.com/memorydb/latest/devguide/autofailover.html

        Raises OSError or ReplyError when it can't be told.
        """
        new = self.nodes[name]
        for node in self.nodes.values():
            if node.logs or node is new:
                await node.end()
        new.logs = True
        await new.run(self._text(new, self.head, logs=True))
        await self._loaded(new)
        await new.tell(("CLUSTER", "FAILOVER", "TAKEOVER"))
        self.head = name
        self._epoch += 1
        await new.probe(SHORTEST_PROBE)
        self.publish()
        await self.steer()

    async def _loaded(self, node: Node) -> None:
        """Wait until a node has read the log. Raises OSError if it ends over it, or takes too long."""
        began = time.monotonic()
        while True:
            try:
                await node.tell(("PING",))
            except (OSError, ReplyError) as problem:
                ended = node.valkey is None or node.valkey.returncode is not None
                if ended or time.monotonic() - began > LOADING:
                    raise ConnectionError(f"{node.spec.id} didn't read the log: {problem}") from problem
                await asyncio.sleep(0.05)
            else:
                return

    async def steer(self) -> None:
        """Have every node that answers follow the head."""
        head = self.nodes[self.head]
        for node in self.nodes.values():
            if node is head or not node.answers or node.info is None or node.info.follows == head.inner:
                continue
            try:
                await node.tell(("CLUSTER", "REPLICATE", topology.identity(self.head)))
            except (OSError, ReplyError):
                continue  # it has yet to hear of the head

    async def replace(self, node: Node) -> None:
        """Put a new machine in the place of one that failed; its data comes from the head, the head's from the log."""
        if not self.reaches(node):
            return  # its zone is not to be reached; nothing can be started there
        leads = node is self.nodes[self.head]
        if leads and any(self._fit(each) for each in self.nodes.values()):
            return  # another becomes the head first
        await node.stop()
        await self.begin(node)
        whence = ", from the log" if leads else ""
        self.note(f"{node.spec.id} in {node.place.zone} replaced{whence}", node)

    # What others are told

    def publish(self) -> None:
        """Let the names lead to where they should: the cluster's to all nodes that haven't failed."""
        here = [node.address for node in self.nodes.values() if not self.failed(node)]
        now = (self.nodes[self.head].address, *here)
        if now == self._published:
            return
        self._published = now
        names, region = self.lab.names, self.region
        names.publish(self.cluster.endpoint, here or [now[0]], ttl=ENDPOINT_TTL, region=region)
        for node in self.nodes.values():
            names.publish(node.spec.endpoint, [node.address], ttl=ENDPOINT_TTL, region=region)

    def withdraw(self) -> None:
        """Let the names lead nowhere."""
        for name in self.cluster.names:
            self.lab.names.withdraw(name)
        self._published = ()

    def describe(self) -> Mapping[str, Any]:
        """Plain data for the console."""
        return {
            "id": self.cluster.id,
            "region": self.region,
            "status": self.cluster.status,
            "writes": self.writes,
            "engine": "Valkey 9.1",
            "role": "one of several" if self.cluster.together else "alone",
            "waiting": {region: round(self.lab.pace.aws(lag), 1) for region, lag in self.lags.items()},
            "nodes": [*self.described()],
        }


def log_of(folder: Path, cluster: Cluster) -> Log:
    """Return a cluster's log, empty: a new live plane has no sessions of one before."""
    log = Log(folder / cluster.id / "log", cluster.region)
    log.begin()
    return log
