"""The part of ElastiCache: its nodes, and what its control planes do when some fail or a promotion is asked for."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rehearsal.live.data.addresses import free_address
from rehearsal.live.data.control_planes import ControlPlanes
from rehearsal.live.data.outbox import Outbox
from rehearsal.live.data.replicated import Replicated, Writers
from rehearsal.live.lab import Lab
from rehearsal.live.network.host import Host
from rehearsal.live.stores import model, reading
from rehearsal.live.stores.breaking import Breakable
from rehearsal.live.stores.configuration import MEMORY, of_parameters, of_users
from rehearsal.live.stores.node import Node
from rehearsal.live.stores.protocol import ReplyError
from rehearsal.live.stores.shard import DETECTION, ENDPOINT_TTL, REPLACEMENT
from rehearsal.live.stores.store import Store

PROMOTION = 40.0
"""Seconds at AWS until a secondary Region's store takes writes. An assumption: AWS calls it less than a minute.
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Redis-Global-Datastore.html"""

CONTROL_PLANES = "198.18.4."
"""The first three numbers of the control planes' addresses, of a range for tests (RFC 2544)."""

SIMULATED = (
    f"ElastiCache is Valkey 9.1 with {MEMORY} MiB a node, TLS ended by HAProxy before it; between nodes without TLS. "
    f"AWS publishes no times, these are assumed: a node silent for {DETECTION:g} s has failed, one is replaced after "
    f"{REPLACEMENT:g} s, another Region's store takes writes after {PROMOTION:g} s; names have a TTL of "
    f"{ENDPOINT_TTL:g} s"
)


class Stores(Breakable[Store]):
    """ElastiCache's session stores of the account."""

    name = "stores"
    reads = frozenset({"elasticache", "secretsmanager"})

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.stores: dict[tuple[str, str], Store] = {}
        self._control = ControlPlanes(lab.fabric, "elasticache", CONTROL_PLANES)
        self._writers = Writers[tuple[str, str]]()
        self._wishes: dict[int, float] = {}
        self._password = secrets.token_hex(16)
        self._folder = lab.folder / "stores"
        self._lock = asyncio.Lock()
        self._outbox = Outbox(lab.account, lab.events, "elasticache")
        self._full: set[tuple[str, str]] = set()

    # The part

    async def reconcile(self) -> None:
        """Bring the nodes into step with the account."""
        regions = [each.name for each in self.lab.outline.regions]
        answers = await asyncio.gather(*(reading.read(self.lab.account, region) for region in regions))
        found = dict(zip(regions, answers, strict=True))
        async with self._lock:
            groups = {(g.region, g.id): g for region in found.values() for g in region.groups}
            for key in [key for key in self.stores if key not in groups]:
                await self._end(key)
            datastores = {each.id: each for region in found.values() for each in region.datastores}
            self._writers.take({n: Replicated(n, each.primary, each.members) for n, each in datastores.items()})
            groups = {key: self._with_parameters(group, groups) for key, group in groups.items()}
            new = [key for key in groups if key not in self.stores]
            for key in sorted(new, key=self._follows):  # first who is followed
                await self._begin(groups[key], found[key[0]].subnets[key[1]])
            for key, group in groups.items():
                await self._nodes(self.stores[key], group, found[key[0]].subnets[key[1]])
                await self._bring_into_step(self.stores[key], group)
            self._connect()

    async def observe(self) -> None:
        """Look at the nodes, do what ElastiCache would do, and tell the account."""
        async with self._lock:
            stores = list(self.stores.values())
            await asyncio.gather(*(store.look() for store in stores))
            for store in stores:
                await store.judge()
            for wish in self._outbox.wishes:
                await self._grant(wish)
            self._connect()
            for store in stores:
                await store.steer()
                store.publish()
                store.report()

        self._outbox.turn()

    def describe(self) -> dict[str, Any]:
        """Plain data for the console."""
        return {
            "stores": [
                {**store.describe(store.group.status), "engine": "Valkey 9.1", "role": self._writers.role(key)}
                for key, store in sorted(self.stores.items(), key=lambda each: each[0])
            ],
            "simulated": SIMULATED,
        }

    def settled(self) -> list[str]:
        """What is not as it should be."""
        why = []
        for store in self.stores.values():
            if store.upstream is None and not store.writes:
                why.append(f"{store.group.id} takes no writes")
            if store.upstream is not None and not store.follows_upstream:
                why.append(f"{store.group.id} doesn't follow {store.upstream.group.id}")
            why += store.lacking()
            if store.group.status != "available":
                why.append(f"{store.group.id} is {store.group.status}")
        return why

    def measured(self) -> dict[tuple[str, str], dict[str, Any]]:
        """What CloudWatch's metrics of the nodes are made of, by (region, node)."""
        found = {}
        for store in self.stores.values():
            for name, measured in store.measured():
                lag = self._region_lag(store) if name == store.head else 0.0
                found[store.region, name] = {"group": store.group.id, "region_lag": lag, **measured}
        return found

    async def aclose(self) -> None:
        """End all nodes."""
        await self._outbox.aclose()
        for key in list(self.stores):
            await self._end(key)

    # Faults

    async def lag(self, region: str, seconds: float) -> str:
        """Let replication inside a Region lag by so many seconds at AWS; 0 for no longer."""
        store = self._in(region)
        async with self._lock:
            if seconds:
                await store.lag(self.lab.pace.real(seconds))
            else:
                await store.end_lag()
                await store.steer()
        return store.group.id

    async def mend(self) -> None:
        """Undo the faults: thaw, replace what is lost at once, end lags, take the filling out."""
        async with self._lock:
            for store in self.stores.values():
                await store.end_lag()
            await self._mend_nodes()

    # Making and ending

    async def _begin(self, group: model.Group, subnets: Mapping[str, str]) -> None:
        control = await self._control.of(group.region)
        taken = self.lab.fabric.addresses
        nodes = {spec.id: self._new_node(control, group.region, spec, subnets, taken) for spec in group.nodes}
        certificate = self.lab.authority.certificate(*group.names)
        store = Store(self.lab, self._outbox, group, certificate, nodes, group.primary)
        self.stores[group.region, group.id] = store
        self._connect()
        head = nodes[store.head]
        upstream = store.upstream.nodes[store.upstream.head].inner if store.upstream else None
        try:
            await asyncio.gather(
                *(node.start(group, certificate, upstream if node is head else head.inner) for node in nodes.values())
            )
        except BaseException:
            await self._end((group.region, group.id))  # the next time begins anew
            raise
        await store.until_up()
        store.publish()

    def _new_node(
        self, control: Host, region: str, spec: model.NodeSpec, subnets: Mapping[str, str], taken: set[str]
    ) -> Node:
        address = free_address(subnets[spec.zone], taken)
        taken.add(address)
        return Node(self.lab.fabric, control, region, spec, address, self._folder / spec.id, self._password)

    async def _nodes(self, store: Store, group: model.Group, subnets: Mapping[str, str]) -> None:
        """Add and take away nodes of a store that runs."""
        wanted = {spec.id: spec for spec in group.nodes}
        for name in [name for name in store.nodes if name not in wanted and name != store.head]:
            await store.nodes.pop(name).stop()
        new = [spec for name, spec in wanted.items() if name not in store.nodes]
        if not new:
            return
        store.certificate = self.lab.authority.certificate(*group.names)
        control = await self._control.of(group.region)
        taken = self.lab.fabric.addresses
        for spec in new:
            node = store.nodes[spec.id] = self._new_node(control, group.region, spec, subnets, taken)
            await node.start(group, store.certificate, store.nodes[store.head].inner)

    async def _end(self, key: tuple[str, str]) -> None:
        store = self.stores.pop(key)
        await store.end_lag()
        store.withdraw()
        await asyncio.gather(*(node.stop() for node in store.nodes.values()))

    async def _bring_into_step(self, store: Store, group: model.Group) -> None:
        """Users and parameters may change while a store runs."""
        before, store.group = store.group, group
        users = of_users(before.users, group.users)
        await store.tell([*users, *of_parameters(before.parameters, group.parameters)])

    # Global datastores

    def _with_parameters(self, group: model.Group, groups: Mapping[tuple[str, str], model.Group]) -> model.Group:
        """A secondary has its primary's parameters.

        https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Redis-Global-Datastores-Getting-Started.html
        """
        upstream = self._writers.upstream((group.region, group.id))
        primary = groups.get(upstream) if upstream and not group.parameters else None
        return replace(group, parameters=primary.parameters) if primary else group

    def _follows(self, key: tuple[str, str]) -> bool:
        return self._writers.upstream(key) is not None

    def _connect(self) -> None:
        """Have each secondary follow its primary."""
        for key, store in self.stores.items():
            upstream = self._writers.upstream(key)
            store.upstream = self.stores.get(upstream) if upstream else None

    def _region_lag(self, store: Store) -> float:
        if store.upstream is None:
            return 0.0
        return self.lab.pace.aws(store.nodes[store.head].lag_behind(store.upstream.nodes[store.upstream.head]))

    async def _grant(self, wish: Mapping[str, Any]) -> None:
        """Carry out what somebody asked ElastiCache for."""
        kind, details, number = wish["kind"], wish["details"], int(wish["number"])
        if kind == "test-failover":
            await self._test_failover(wish)
            return
        key = (
            (details["to_region"], details["to_group"])
            if kind == "failover-global"
            else (details["region"], details["group"])
        )
        store = self.stores.get(key)
        if store is None or kind not in ("failover-global", "disassociate"):
            return
        began = self._wishes.setdefault(number, time.monotonic())
        store.promoting = True
        if self.lab.pace.aws(time.monotonic() - began) < PROMOTION:
            return
        former, store.upstream = store.upstream, None
        try:
            await store.appoint(store.head)
        except (OSError, ReplyError):
            store.upstream = former
            return
        store.promoting = False
        if kind == "failover-global":
            self._writers.promoted(wish["resource"], key)
        else:
            self._writers.left(key)
        text = f"{store.group.id} in {store.region} promoted: it takes writes"
        self.lab.events.note("store", text, region=store.region, subject=store.group.id, level="warn")
        self._outbox.grant(number, primary=store.head)

    async def _test_failover(self, wish: Mapping[str, Any]) -> None:
        store = self.stores.get((wish["region"], wish["resource"]))
        if store is None:
            return
        number, old = int(wish["number"]), wish["details"]["primary"]
        if number not in self._wishes:
            self._wishes[number] = time.monotonic()
            if store.head == old:
                store.nodes[old].lose()
        if store.head != old:
            self._outbox.grant(number, primary=store.head)
