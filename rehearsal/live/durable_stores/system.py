"""The part of MemoryDB: its nodes, and what its control planes do when some fail; its Regions that all take writes."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from functools import partial
from typing import Any

from rehearsal.live.data.addresses import free_address
from rehearsal.live.data.control_planes import ControlPlanes
from rehearsal.live.data.outbox import Outbox
from rehearsal.live.durable_stores import configuration, model, reading
from rehearsal.live.durable_stores.copying import Copier, End
from rehearsal.live.durable_stores.node import CONTROL, Node
from rehearsal.live.durable_stores.store import DurableStore, log_of
from rehearsal.live.lab import Lab
from rehearsal.live.network.host import Host
from rehearsal.live.network.places import Place
from rehearsal.live.stores.breaking import Breakable
from rehearsal.live.stores.configuration import MEMORY, of_parameters, of_users
from rehearsal.live.stores.model import NodeSpec
from rehearsal.live.stores.protocol import Line
from rehearsal.live.stores.shard import DETECTION, ENDPOINT_TTL, REPLACEMENT

CONTROL_PLANES = "198.18.6."
"""The first three numbers of the control planes' addresses, of a range for tests (RFC 2544)."""

SIMULATED = (
    f"MemoryDB is Valkey 9.1 in cluster mode with {MEMORY} MiB a node, TLS ended by HAProxy before it; its transaction "
    "log is the primary's append-only file, synced before each answer, on this machine's disk outside all zones. "
    "Between Regions values are copied, the last writer wins: strings and other kinds by key, hashes by field. "
    f"AWS publishes no times, these are assumed: a node silent for {DETECTION:g} s has failed, one is replaced after "
    f"{REPLACEMENT:g} s; names have a TTL of {ENDPOINT_TTL:g} s"
)

NO_LAG = (
    "{cluster} is a MemoryDB cluster: replicas that lag lose nothing there, for the next primary reads what it lacks "
    "in the log, and this fault isn't made"
)

SETTLED_LAG = 5.0
"""Seconds at AWS: a change that waits longer for another Region is late; typically it is there within one."""

Key = tuple[str, str]
"""Region and cluster."""


class DurableStores(Breakable[DurableStore]):
    """The durable session stores of the account."""

    name = "durable_stores"
    reads = frozenset({"memorydb", "secretsmanager"})

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.stores: dict[Key, DurableStore] = {}
        self._control = ControlPlanes(lab.fabric, "memorydb", CONTROL_PLANES)
        self._hosts: dict[str, Host] = {}
        self._copiers: dict[tuple[Key, Key], Copier] = {}
        self._wishes: dict[int, str] = {}
        """Wishes that are being carried out, and the primary that is to be none any more."""
        self._password = secrets.token_hex(16)
        self._folder = lab.folder / "durable_stores"
        self._lock = asyncio.Lock()
        self._outbox = Outbox(lab.account, lab.events, "memorydb")
        self._full: set[Key] = set()

    # The part

    async def reconcile(self) -> None:
        """Bring the nodes into step with the account."""
        regions = [each.name for each in self.lab.outline.regions]
        answers = await asyncio.gather(*(reading.read(self.lab.account, region) for region in regions))
        found = dict(zip(regions, answers, strict=True))
        async with self._lock:
            clusters = {(c.region, c.id): c for region in found.values() for c in region.clusters}
            for key in [key for key in self.stores if key not in clusters]:
                await self._end(key)
            for key, cluster in clusters.items():
                subnets = found[key[0]].subnets[key[1]]
                if key not in self.stores:
                    await self._begin(cluster, subnets)
                await self._nodes(self.stores[key], cluster, subnets)
                await self._bring_into_step(self.stores[key], cluster)
            await self._connect()

    async def observe(self) -> None:
        """Look at the nodes, do what MemoryDB would do, and tell the account."""
        async with self._lock:
            stores = list(self.stores.values())
            await asyncio.gather(*(store.look() for store in stores))
            for store in stores:
                await store.judge()
            for wish in self._outbox.wishes:
                self._grant(wish)
            for key, store in self.stores.items():
                store.lags = {to[0]: each.lag for (source, to), each in self._copiers.items() if source == key}
                await store.steer()
                store.publish()
                store.report()
        if self.stores:
            self._outbox.turn()

    def describe(self) -> dict[str, Any]:
        """Plain data for the console."""
        return {"stores": [self.stores[key].describe() for key in sorted(self.stores)], "simulated": SIMULATED}

    def settled(self) -> list[str]:
        """What is not as it should be."""
        why = []
        for store in self.stores.values():
            if not store.writes:
                why.append(f"{store.cluster.id} takes no writes")
            why += store.lacking()
            if store.cluster.status != "available":
                why.append(f"{store.cluster.id} is {store.cluster.status}")
        for (_, (region, _)), copier in self._copiers.items():
            if (lag := self.lab.pace.aws(copier.lag)) > SETTLED_LAG:
                why.append(f"{region} has yet to get changes that are {lag:.0f} s old")
        return why

    def measured(self) -> dict[tuple[str, str], dict[str, Any]]:
        """What CloudWatch's metrics of the nodes are made of, by (region, node)."""
        return {
            (store.region, name): {"cluster": store.cluster.id, **measured}
            for store in self.stores.values()
            for name, measured in store.measured()
        }

    async def aclose(self) -> None:
        """End all nodes."""
        await self._outbox.aclose()
        for key in list(self.stores):
            await self._end(key)

    # Faults

    async def lag(self, region: str, seconds: float) -> str:
        """Say why replication inside a Region isn't made to lag; 0 seconds, for no longer, are nothing to do."""
        store = self._in(region)
        if seconds:
            raise LookupError(NO_LAG.format(cluster=store.cluster.id))
        return store.cluster.id

    async def mend(self) -> None:
        """Undo the faults: thaw, replace what is lost at once, take the filling out."""
        async with self._lock:
            await self._mend_nodes()

    # Making and ending

    async def _begin(self, cluster: model.Cluster, subnets: Mapping[str, str]) -> None:
        self._hosts[cluster.region] = await self._control.of(cluster.region)
        nodes: dict[str, Node] = {}
        taken = self.lab.fabric.addresses
        for spec in cluster.nodes:
            nodes[spec.id] = self._new_node(cluster.region, spec, subnets, taken)
        store = self.stores[cluster.region, cluster.id] = DurableStore(
            self.lab,
            self._outbox,
            cluster,
            self.lab.authority.certificate(*cluster.names),
            nodes,
            cluster.nodes[0].id,
            log_of(self._folder, cluster),
        )
        try:
            await asyncio.gather(*(store.begin(node) for node in nodes.values()))
        except BaseException:
            await self._end((cluster.region, cluster.id))  # the next time begins anew
            raise
        await store.until_up()
        store.publish()

    def _new_node(self, region: str, spec: NodeSpec, subnets: Mapping[str, str], taken: set[str]) -> Node:
        address = free_address(subnets[spec.zone], taken)
        taken.add(address)
        control = self._hosts[region]
        return Node(self.lab.fabric, control, region, spec, address, self._folder / spec.id, self._password)

    async def _nodes(self, store: DurableStore, cluster: model.Cluster, subnets: Mapping[str, str]) -> None:
        """Add and take away nodes of a store that runs. One that takes writes stays until another does."""
        wanted = {spec.id: spec for spec in cluster.nodes}
        for name in [name for name in store.nodes if name not in wanted]:
            if name == store.head:
                store.nodes[name].lose()  # the next looks promote another
            else:
                await store.nodes.pop(name).stop()
        new = [spec for name, spec in wanted.items() if name not in store.nodes]
        if not new:
            return
        store.certificate = self.lab.authority.certificate(*cluster.names)
        taken = self.lab.fabric.addresses
        for spec in new:
            node = store.nodes[spec.id] = self._new_node(cluster.region, spec, subnets, taken)
            await store.begin(node)
            await store.meet(node)

    async def _end(self, key: Key) -> None:
        for pair in [pair for pair in self._copiers if key in pair]:
            await self._copiers.pop(pair).aclose()
        store = self.stores.pop(key)
        store.withdraw()
        await asyncio.gather(*(node.stop() for node in store.nodes.values()))

    async def _bring_into_step(self, store: DurableStore, cluster: model.Cluster) -> None:
        """Users and parameters may change while a store runs."""
        before, store.cluster = store.cluster, cluster
        users = of_users(configuration.users_of(before), configuration.users_of(cluster))
        await store.tell([*users, *of_parameters(before.parameters, cluster.parameters)])

    # Regions that all take writes

    async def _connect(self) -> None:
        """Have each cluster of a multi-Region cluster copy to all others."""
        wanted = {
            (one, other)
            for one, first in self.stores.items()
            for other, second in self.stores.items()
            if one != other and first.cluster.together and first.cluster.together == second.cluster.together
        }
        for pair in [pair for pair in self._copiers if pair not in wanted]:
            await self._copiers.pop(pair).aclose()
        for pair in sorted(wanted - set(self._copiers)):
            source, target = (self.stores[key] for key in pair)
            here, there = Place(source.region), Place(target.region)
            host = self._hosts[source.region]
            self._copiers[pair] = Copier(
                End(source.log, partial(self._line, host, source)),
                End(target.log, partial(self._line, host, target)),
                partial(self.lab.fabric.reachable, here, there),
                partial(self.lab.events.note, "trouble", subject=self.name),
            )
            self._copiers[pair].start()

    def _line(self, host: Host, store: DurableStore) -> Line:
        return Line(host, *store.nodes[store.head].inner, CONTROL, self._password, raw=True)

    # What somebody asks for

    def _grant(self, wish: Mapping[str, Any]) -> None:
        """Fail a shard over that somebody asks for: its primary is lost, and replaced.

        https://docs.aws.amazon.com/memorydb/latest/devguide/autofailover.html
        """
        store = self.stores.get((wish["region"], wish["resource"]))
        if store is None or wish["kind"] != "failover-shard":
            return
        number = int(wish["number"])
        if number not in self._wishes:
            self._wishes[number] = store.head
            store.nodes[store.head].lose()
        elif store.head != self._wishes[number]:
            self._outbox.grant(number)
