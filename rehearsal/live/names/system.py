"""The part `names`: Route 53's servers and checkers at the edge, a resolver in every host, S3 as checkers see it."""

import asyncio
import random
import time
from collections.abc import Callable
from typing import Any

from rehearsal.live.lab import Lab
from rehearsal.live.names import hosts, reading, view, wire
from rehearsal.live.names.answers import NameSystem, Reply, asker_in
from rehearsal.live.names.buckets import Buckets, region_of
from rehearsal.live.names.checkers import Checkers
from rehearsal.live.names.directory import is_of_aws, region_in
from rehearsal.live.names.health import Config
from rehearsal.live.names.health import healthy as status_of
from rehearsal.live.names.resolvers import Resolvers
from rehearsal.live.names.rules import World
from rehearsal.live.names.server import stream
from rehearsal.live.network.host import Host
from rehearsal.live.network.places import EDGE
from rehearsal.live.paths import Paths

PATIENCE = 60.0
"""Seconds here until endpoints are checked that nobody has published as serving."""


class Names:
    """Route 53 and the resolvers."""

    name = "names"
    reads = frozenset({"route53", "s3", "cloudwatch"})

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.system = NameSystem()
        self.statuses: dict[str, bool] = {}
        self.users = ""
        """The Region that users are near, for latency routing: the primary's."""
        self.world = World(self._check, self._serves, self.system.directory.find, random.Random())
        self.resolvers = Resolvers(self.system.directory, self.look, lab.fabric.reachable, lab.pace.aws)
        self.checkers: Checkers | None = None
        self.buckets: dict[str, Buckets] = {}
        self._alarms: dict[tuple[str, str], str] = {}
        self._answers: dict[tuple[str, str], tuple[str, ...]] = {}
        self._told: dict[str, list[tuple[str, str, str]]] = {}
        self._door: asyncio.Server | None = None
        self._opened = time.monotonic()
        self._lock = asyncio.Lock()
        self.publish, self.withdraw = self.system.directory.publish, self.system.directory.withdraw
        """For names of AWS: balancers, stores, databases."""

    # What others call

    async def resolve(self, name: str, host: Host | None = None, kind: str = "A") -> list[str]:
        """Return a name's addresses as a host's resolver, or a user's, finds them. Raises OSError where none are."""
        reply = self.resolvers.ask(name, kind, host.place if host else EDGE)
        if reply is None:
            raise OSError(f"{name}: the resolver doesn't answer")
        if not reply.addresses:
            raise OSError(f"{name}: {reply.code}, no address")
        return [*reply.addresses]

    def look(self, name: str, kind: str, region: str) -> Reply:
        """Answer a question of who is in a Region; of users without one."""
        return self.system.ask(name, kind, asker_in(region or self.users), self.world)

    async def handle(self, message: bytes, udp: bool = True) -> bytes:
        """Answer a DNS message of a user as Route 53's servers do."""
        return wire.answer(message, lambda n, k: self.look(n, k, ""), self.lab.pace.real, udp=udp, recursive=False)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer DNS messages of a user over a stream, each after its length."""
        await stream(self.handle)(reader, writer)

    def healthy(self, check: str) -> bool:
        """Tell whether a health check is healthy."""
        return self._check(check)

    # The part

    async def reconcile(self) -> None:
        """Read hosted zones and health checks."""
        for buckets in self.buckets.values():
            buckets.forget()
        async with self._lock:
            if self.checkers is None:
                self.checkers = await self._put_up()
            account = self.lab.account
            if self.system.load(await reading.zones(account)) and not self.users:
                self.users = _primary(self.system)
            configs = await reading.checks(account)
            await self._serve_buckets(configs)
            self.checkers.take(configs, new=bool(self.checkers.configs))
            self._alarms = await reading.alarms(account, configs)
            self._judge()

    async def observe(self) -> None:
        """Note what the names answer now, and tell the account what the checkers saw."""
        self._judge()
        for record in view.routes(self.system.rules):
            self._note_answer(record.name, record.type)
        if self.checkers is not None:
            seen = {check: self.checkers.observations(check) for check in self.checkers.watches}
            news = {check: found for check, found in seen.items() if found and found != self._told.get(check)}
            if news:
                await self.lab.account.report_checks(news)
                self._told |= news

    def describe(self) -> dict[str, Any]:
        """Return records, answers and checks."""
        configs, watches = ({}, {}) if self.checkers is None else (self.checkers.configs, self.checkers.watches)
        opinions = {check: [w.opinion.healthy for w in found.values()] for check, found in watches.items()}
        return {
            "records": [*view.records(self.system.rules, self.world, asker_in(self.users))],
            "answers": [
                view.answer(name, kind, reply, view.region_of(reply.addresses, self.system.directory))
                for name, kind in sorted({(r.name, r.type) for r in view.routes(self.system.rules)})
                if (reply := self.look(name, kind, "")).rows or kind != "AAAA"
            ],
            "checks": [
                view.check(check, config, self._check(check), opinions.get(check, []))
                for check, config in configs.items()
            ],
            "server": hosts.SERVER,
            "simulated": view.SIMULATED,
        }

    def settled(self) -> list[str]:
        """Return what isn't well: endpoints that the checkers find unhealthy, or haven't looked at yet."""
        if self.checkers is None:
            return ["not started"]
        why = []
        of_idle: Callable[[], frozenset[str]] = getattr(self.lab.parts.get("balancers"), "idle", frozenset)
        idle = of_idle()
        for check, watches in self.checkers.watches.items():
            config = self.checkers.configs[check]
            if config.get("FullyQualifiedDomainName", "").lower() in idle:
                continue
            opinions = [watch.opinion.healthy for watch in watches.values()]
            if None in opinions:
                why.append(f"not every checker has looked at {view.what(config)} yet")
            elif not config.get("Inverted") and False in opinions:
                why.append(f"{opinions.count(False)} checkers find {view.what(config)} unhealthy")
        return why

    async def aclose(self) -> None:
        """Stop checking and answering."""
        if self._door:
            self._door.close()
        if self.checkers:
            self.checkers.close()

    # How

    def _check(self, check: str) -> bool:
        return self.statuses.get(check, True)

    def _serves(self, name: str) -> bool:
        """Whether an alias may choose a resource: balancers that don't stand here don't, other services always do."""
        entry = self.system.directory.entry(name)
        return entry.serves if entry else ".elb." not in name

    async def _put_up(self) -> Checkers:
        """Put up Route 53's servers and checkers, and resolvers in the hosts that are there already."""
        fabric, real = self.lab.fabric, self.lab.pace.real

        async def on_host(host: Host) -> None:
            await hosts.put_up_resolver(host, self.resolvers, real)

        await hosts.put_up_server(fabric, self.handle)
        self._door = await asyncio.start_unix_server(self.serve, str(Paths(self.lab.folder.parent).dns))
        checkers = await hosts.put_up_checkers(fabric)
        for host in [*fabric.hosts.values()]:
            await on_host(host)
        fabric.on_host.append(on_host)
        return Checkers(checkers, real, self.resolve, self._ready, lambda _check: self._judge())

    def _ready(self, config: Config) -> bool:
        """Whether a check's endpoint stands here yet; while the plane starts, it would only look as if it failed."""
        name = config.get("FullyQualifiedDomainName", "")
        entry = self.system.directory.entry(name)
        late = time.monotonic() - self._opened > PATIENCE
        return late or not name or not is_of_aws(name) or (entry is not None and entry.serves)

    async def _serve_buckets(self, configs: dict[str, Config]) -> None:
        names = (config.get("FullyQualifiedDomainName", "") for config in configs.values())
        for region in sorted({found for name in names if (found := region_of(name))} - {*self.buckets}):
            made, name, address = await hosts.put_up_buckets(self.lab, region, len(self.buckets) + 1)
            self.buckets[region] = made
            self.publish(name, [address], ttl=hosts.BUCKET_TTL, region=region)

    def _judge(self) -> None:
        """Bring every check's status up to date, and note those that changed."""
        checkers = self.checkers
        if checkers is None:
            return
        now = {
            check: status_of(check, checkers.configs, checkers.healthy, self._alarm, self.statuses)
            for check in checkers.configs
        }
        before, self.statuses = self.statuses, now
        for check, healthy in now.items():
            if before.get(check, healthy) != healthy:
                what = view.what(checkers.configs[check])
                said = "healthy" if healthy else "unhealthy"
                level = "good" if healthy else "bad"
                self.lab.events.note("health", f"Route 53 finds {what} {said}", subject=check, level=level)

    def _alarm(self, region: str, name: str) -> str:
        return self._alarms.get((region, name), "INSUFFICIENT_DATA")

    def _note_answer(self, name: str, kind: str) -> None:
        """Note where a name leads now, if it leads elsewhere than before."""
        reply = self.look(name, kind, "")
        region = view.region_of(reply.addresses, self.system.directory)
        now = (region,) if region else tuple(sorted(reply.addresses))
        before = self._answers.get((name, kind))
        if not now or before == now:
            return
        self._answers[name, kind] = now
        if before is not None:
            text = f"{name} now answers with {region or ', '.join(now)}"
            self.lab.events.note("dns", text, subject=name, region=region, answer=[*reply.addresses], ttl=reply.ttl)


def _primary(system: NameSystem) -> str:
    """Return the Region of the primary: of the balancer that a failover record names first, or of any record's."""
    found = [record for records in system.rules.sets.values() for record in records]
    for record in sorted(found, key=lambda each: each.failover != "PRIMARY"):
        region = record.region or (region_in(record.alias.name) if record.alias else None)
        if region:
            return region
    return ""
