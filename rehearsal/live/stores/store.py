"""A session store of one Region, and what ElastiCache's control plane there does by itself for it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from rehearsal.live.authority import Certificate
from rehearsal.live.data.outbox import Outbox
from rehearsal.live.lab import Lab
from rehearsal.live.stores import following
from rehearsal.live.stores.following import Address, Info
from rehearsal.live.stores.lag import PORT as LAG_PORT
from rehearsal.live.stores.lag import Lag
from rehearsal.live.stores.model import Group
from rehearsal.live.stores.node import Node
from rehearsal.live.stores.protocol import ReplyError
from rehearsal.live.stores.shard import ENDPOINT_TTL, SHORTEST_PROBE, Shard


@dataclass
class Store(Shard[Node]):
    """A replication group that runs. `head`: the node that ElastiCache calls primary, also in a secondary Region."""

    lab: Lab
    outbox: Outbox
    group: Group
    certificate: Certificate
    nodes: dict[str, Node]
    head: str
    upstream: Store | None = None
    """The group of another Region that this one follows."""
    lags: dict[str, Lag] = field(default_factory=dict)
    promoting: bool = False
    _published: tuple[Any, ...] = ()
    _reported: dict[str, str] = field(default_factory=dict)

    # What it is

    @property
    def region(self) -> str:
        """Its Region."""
        return self.group.region

    @property
    def writes(self) -> bool:
        """Whether its head takes writes."""
        node = self.nodes[self.head]
        return bool(node.answers and node.info and node.info.is_primary and self.upstream is None)

    @property
    def follows_upstream(self) -> bool:
        """Whether its head follows the head of the other Region's group."""
        info, upstream = self.nodes[self.head].info, self.upstream
        return bool(info and upstream and info.follows == upstream.nodes[upstream.head].inner)

    # What the control plane does

    async def judge(self) -> None:
        """Promote another head for one that has failed, and have failed nodes replaced."""
        for name, node in self.nodes.items():
            if not self.failed(node):
                continue
            if name == self.head and self.group.failover:
                await self._fail_over(node)
            if self.take_out(node):
                await self.replace(node)

    async def _fail_over(self, old: Node) -> None:
        found = following.successor({name: info for name, node in self.nodes.items() if (info := self._fit(node))})
        if found is None:
            return
        new, silent = self.nodes[found], self.silence(old)
        try:
            await self.appoint(found)
        except (OSError, ReplyError):
            return  # the next look sees more
        text = f"{self.group.id}: {found} in {new.place.zone} promoted, {old.spec.id} was silent for {silent:.1f} s"
        self.note(text, new, level="warn")
        self.outbox.primary(self.region, self.group.id, found, self.group.shard)

    def _fit(self, node: Node) -> Info | None:
        """What a node says that could be promoted: one that answers and once had the data."""
        fit = node.answers and not node.lost and node.info is not None and node.info.offset > 0
        return node.info if fit else None

    async def appoint(self, name: str) -> None:
        """Make a node the head: it takes writes, or follows what is upstream; the names lead to it, the others follow.

        Raises OSError or ReplyError when it can't be told.
        """
        await self.end_lag()
        upstream = self.upstream.nodes[self.upstream.head].inner if self.upstream else None
        await self.nodes[name].follow(upstream)
        self.head = name
        await self.nodes[name].probe(SHORTEST_PROBE)
        self.publish()
        await self.steer()

    async def steer(self) -> None:
        """Have every node that answers follow whom it should."""
        upstream: Address | None = None
        if self.upstream is not None:
            head = self.upstream.nodes[self.upstream.head]
            if not self.lab.fabric.reachable(self.nodes[self.head].place, head.place) or not head.answers:
                upstream = self._current(self.head)  # nobody to be told of: it stays as it is
            else:
                upstream = head.inner
        wanted = following.wanted(self.head, {name: node.inner for name, node in self.nodes.items()}, upstream)
        for name in self.lags:
            if name != self.head:
                wanted[name] = ("127.0.0.1", LAG_PORT)
        for name, node in self.nodes.items():
            if node.answers and node.info and node.info.follows != wanted[name] and not node.lost:
                await self._turn(node, wanted[name])

    def _current(self, name: str) -> Address | None:
        info = self.nodes[name].info
        return info.follows if info else None

    async def _turn(self, node: Node, to: Address | None) -> None:
        before = node.info
        try:
            await node.follow(to)
        except (OSError, ReplyError):
            return
        if before is not None:  # what it said is no longer so
            node.info = replace(before, follows=to, is_primary=to is None, linked=to is None)
        source = self._at(to)
        if before and source and source.info and (lost := following.unreplicated(before, source.info)):
            text = f"{node.spec.id} was primary once and follows now; {lost} bytes of changes that only it had are gone"
            self.note(text, node, level="warn", bytes_lost=lost)

    def _at(self, address: Address | None) -> Node | None:
        known = [*self.nodes.values(), *(self.upstream.nodes.values() if self.upstream else ())]
        return next((node for node in known if node.inner == address), None)

    async def replace(self, node: Node) -> None:
        """Put a new, empty node in the place of one that failed; it gets the data from the head."""
        if not self.reaches(node):
            return  # its zone is not to be reached; nothing can be started there
        head = self.nodes[self.head]
        if node is head and any(self._fit(each) for each in self.nodes.values()):
            return  # not before another has become the head: it would come back empty, as the primary
        await node.stop()
        await node.start(self.group, self.certificate, None if node is head else head.inner)
        self.note(f"{node.spec.id} in {node.place.zone} replaced", node)

    # What others are told

    def publish(self) -> None:
        """Let the names lead to where they should."""
        head = self.nodes[self.head]
        readers = [n.address for n in self.nodes.values() if n is not head and n.answers and n.info and n.info.linked]
        now = (head.address, *readers)
        if now == self._published:
            return
        self._published = now
        names, region = self.lab.names, self.region
        names.publish(self.group.primary_endpoint, [head.address], ttl=ENDPOINT_TTL, region=region)
        names.publish(self.group.reader_endpoint, readers or [head.address], ttl=ENDPOINT_TTL, region=region)
        for node in self.nodes.values():
            names.publish(node.spec.endpoint, [node.address], ttl=ENDPOINT_TTL, region=region)

    def withdraw(self) -> None:
        """Let the names lead nowhere."""
        for name in self.group.names:
            self.lab.names.withdraw(name)
        self._published = ()

    # Lag

    async def lag(self, seconds: float) -> None:
        """Let replication inside the group lag by so many seconds here."""
        head = self.nodes[self.head]
        for name, node in self.nodes.items():
            if name == self.head or node.host is None or node.lost:
                continue
            if name not in self.lags:
                self.lags[name] = Lag(node.host, *head.inner, alive=partial(self._sends, head, node))
                await self.lags[name].start()
        await self.steer()
        for _ in range(100):  # at first without delay: taking up a stream needs several answers
            await asyncio.sleep(0.05)
            await self.look()
            if all(node.info and node.info.linked for name, node in self.nodes.items() if name in self.lags):
                break
        for lag in self.lags.values():
            lag.seconds = seconds

    def _sends(self, head: Node, node: Node) -> bool:
        return not (head.lost or head.frozen) and self.lab.fabric.reachable(head.place, node.place)

    async def end_lag(self) -> None:
        """Let no replication lag any more; what is under way is gone."""
        lags, self.lags = self.lags, {}
        for lag in lags.values():
            await lag.aclose()

    def describe(self, status: str) -> Mapping[str, Any]:
        """Plain data for the console."""
        nodes = [*self.described()]
        if self.promoting:
            nodes = [each | ({"state": "promoting"} if each["id"] == self.head else {}) for each in nodes]
        return {
            "id": self.group.id,
            "region": self.region,
            "status": status,
            "writes": self.writes,
            "nodes": nodes,
        }
