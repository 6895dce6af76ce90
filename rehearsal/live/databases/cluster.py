"""An Aurora cluster of one Region, and what RDS's control plane there does by itself for it."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from rehearsal.live.data.outbox import Outbox
from rehearsal.live.databases import following
from rehearsal.live.databases.instance import Instance, InstanceError
from rehearsal.live.databases.model import Cluster
from rehearsal.live.lab import Lab

FAILOVER = 20.0
"""Seconds at AWS that a writer is silent until a reader is promoted. An assumption: service is restored in less than
60 s, often in less than 30.
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html"""

SHORTEST_FAILOVER = 2.5
"""Seconds here: a machine that was busy for a moment is no failed writer, at any pace."""

MISSES = 3
"""Answers that must be missing, too: this process may have been busy itself."""

GIVEN_UP = 20.0
"""Seconds here until a writer that no reader can follow is started anew."""

REPLACEMENT = 120.0
"""Seconds at AWS until a lost instance is back, as a reader. An assumption."""

DROP = 2.0
"""Seconds at AWS that a reader is silent until commits no longer wait for it. At Aurora they never wait for a reader
but for storage in three zones; the reader stands for that here."""

SHORTEST_DROP = 1.0
"""Seconds here."""

STUCK = 5.0
"""Seconds here that a standby doesn't hear from whom it follows until it gets a new copy."""

RETRY = 2.0
"""Seconds here until a start that failed is tried again."""

ENDPOINT_TTL = 5.0
"""Seconds at AWS.
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.BestPractices.FastFailover.html"""

PROBE = 1.0
SHORTEST_PROBE = 0.5


@dataclass
class Running:
    """A cluster that runs. `head`: the writer, or in a secondary Region who hears from the primary's writer."""

    lab: Lab
    outbox: Outbox
    cluster: Cluster
    context: ssl.SSLContext
    instances: dict[str, Instance]
    head: str
    upstream: Running | None = None
    """The cluster of another Region that this one follows."""
    global_endpoint: str = ""
    promoting: bool = False
    working: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    """Instances that are being started anew, which takes seconds: meanwhile the others are looked after."""
    confirming: list[str] = field(default_factory=list)
    """Readers that commits wait for, as the writer was last told."""
    _published: tuple[Any, ...] = ()
    _reported: dict[str, str] = field(default_factory=dict)

    # What it is

    @property
    def region(self) -> str:
        """Its Region."""
        return self.cluster.region

    @property
    def writer(self) -> Instance:
        """The head's instance."""
        return self.instances[self.head]

    @property
    def writes(self) -> bool:
        """Whether it takes writes."""
        info = self.writer.info
        return bool(self.writer.answers and info and not info.recovering and self.upstream is None)

    def state(self, instance: Instance) -> str:
        """An instance's state, in one word."""
        if instance.spec.id in self.working:
            return "syncing"
        if instance.lost:
            return "lost"
        if instance.frozen:
            return "frozen"
        if not instance.answers or instance.info is None:
            return "silent"
        if instance is self.writer and self.upstream is None:
            return "syncing" if instance.info.recovering else "available"
        return "available" if instance.info.source == self._wanted()[instance.spec.id] else "syncing"

    def _wanted(self) -> dict[str, str | None]:
        upstream = self.upstream.writer.address if self.upstream else None
        return following.wanted(self.head, {name: each.address for name, each in self.instances.items()}, upstream)

    # What the control plane does

    async def look(self) -> None:
        """Ask all instances how they are."""
        limit = max(SHORTEST_PROBE, self.lab.pace.real(PROBE))
        self.working = {name: task for name, task in self.working.items() if not task.done()}
        await asyncio.gather(*(each.probe(limit) for n, each in self.instances.items() if n not in self.working))

    def _work(self, instance: Instance, work: Coroutine[Any, Any, None], done: str = "") -> None:
        """Have an instance started anew, beside all else; what fails is tried again."""

        async def do() -> None:
            try:
                await work
            except (InstanceError, OSError) as error:
                self._note(f"{instance.spec.id}: {error}", subject=instance.spec.id, level="bad")
                instance.lost, instance.replaced_at = True, time.monotonic() + RETRY
                return
            if done:
                self._note(done, subject=instance.spec.id, zone=instance.place.zone)

        self.working[instance.spec.id] = asyncio.create_task(do())

    async def rest(self) -> None:
        """End what is under way."""
        for task in self.working.values():
            task.cancel()
        await asyncio.gather(*self.working.values(), return_exceptions=True)
        self.working.clear()

    def _silent(self, instance: Instance) -> float:
        """Seconds at AWS since it last answered."""
        return self.lab.pace.aws(time.monotonic() - instance.silent_since) if instance.silent_since else 0.0

    def _failed(self, instance: Instance) -> bool:
        long_enough = self._silent(instance) >= max(FAILOVER, self.lab.pace.aws(SHORTEST_FAILOVER))
        return long_enough and instance.misses >= MISSES

    def _reaches(self, instance: Instance) -> bool:
        return self.lab.fabric.reachable(instance.control.place, instance.place)

    async def judge(self) -> None:
        """Promote a reader for a writer that has failed, and have lost instances replaced."""
        for name, instance in self.instances.items():
            if not self._failed(instance) or name in self.working:
                continue
            if name == self.head:
                await self.fail_over()
            given_up = name != self.head or time.monotonic() - (instance.silent_since or 0) > GIVEN_UP
            if given_up and not instance.lost and self._reaches(instance):
                instance.lose()  # its storage stays
        for name, instance in self.instances.items():
            if name in self.working:
                continue
            if instance.lost and instance.replaced_at is None:
                instance.replaced_at = time.monotonic() + self.lab.pace.real(REPLACEMENT)
            if instance.replaced_at is not None and time.monotonic() >= instance.replaced_at:
                self._replace(instance)

    async def fail_over(self, target: str = "") -> None:
        """Promote a reader in the place of the writer; `target` if it can be."""
        old = self.writer
        readers = {
            name: each.info
            for name, each in self.instances.items()
            if each is not old and each.answers and each.info and name not in self.working
        }
        tiers = {name: each.spec.tier for name, each in self.instances.items()}
        found = target if target in readers else following.successor(readers, self.confirming, tiers)
        if found is None:
            return
        silent, behind = self._silent(old), self.upstream is None and found not in self.confirming
        try:
            await self.appoint(found)
        except InstanceError as error:
            self._note(f"{found} can't be promoted: {error}", level="bad")
            return
        new = self.instances[found]
        text = f"{self.cluster.id}: {found} in {new.place.zone} promoted, {old.spec.id} was silent for {silent:.1f} s"
        self._note(text + (", and commits didn't wait for it" if behind else ""), subject=found, level="warn")
        self.outbox.primary(self.region, self.cluster.id, found)

    async def appoint(self, name: str) -> None:
        """Make an instance the head: it takes writes, or follows what is upstream. Raises InstanceError."""
        instance = self.instances[name]
        if self.upstream is None:
            if instance.info is None or instance.info.recovering:
                await instance.promote()
            self.confirming = []
        else:
            await instance.follow(self.upstream.writer.address)
        self.head = name
        await instance.probe(SHORTEST_PROBE)
        self.publish()
        await self.steer()

    async def steer(self) -> None:
        """Have every instance that answers follow whom it should, and commits wait for the readers that live."""
        for name, address in self._wanted().items():
            instance = self.instances[name]
            if not instance.answers or instance.info is None or instance.lost or name in self.working:
                continue
            source = self._at(address)
            if address is None or source is None:
                continue
            if not source.answers or not self.lab.fabric.reachable(instance.place, source.place):
                instance.deaf_since = None  # nothing to be had there now
                continue
            try:
                await self._lead(instance, source)
            except InstanceError as error:
                self._note(f"{name}: {error}", subject=name, level="bad")
        if self.writes:
            await self._confirm()

    async def _lead(self, instance: Instance, source: Instance) -> None:
        """Have an instance follow another; it gets a copy where it has what the other never had."""
        assert instance.info is not None
        if source.info is None or (source.info.recovering and source is self.writer and self.upstream is None):
            return
        if not instance.info.recovering:
            self._note(f"{instance.spec.id} was the writer once; it gets a copy and reads", subject=instance.spec.id)
            self._work(instance, instance.copy(self.cluster.port, self.context, source.address))
        elif instance.follows != source.address:
            await instance.follow(source.address)
        elif instance.deaf_since is not None and time.monotonic() - instance.deaf_since > STUCK:
            self._note(f"{instance.spec.id} can't follow {source.spec.id}; it gets a copy", subject=instance.spec.id)
            self._work(instance, instance.copy(self.cluster.port, self.context, source.address))

    def _at(self, address: str | None) -> Instance | None:
        known = [*self.instances.values(), *(self.upstream.instances.values() if self.upstream else ())]
        return next((each for each in known if each.address == address), None)

    async def _confirm(self) -> None:
        """Let commits wait for the readers that follow; for one that is silent they wait no longer."""
        writer = self.writer
        assert writer.info is not None
        drop = max(SHORTEST_DROP, self.lab.pace.real(DROP))
        living = [
            name
            for name, each in self.instances.items()
            if each is not writer
            and name in writer.info.followers
            and (each.silent_since is None or each.misses < 2 or time.monotonic() - each.silent_since < drop)
        ]
        if sorted(living) != sorted(self.confirming):
            await writer.wait_for(living)
            self.confirming = living

    def _replace(self, instance: Instance) -> None:
        if not self._reaches(instance):
            return
        name, port = instance.spec.id, self.cluster.port
        done = f"{name} in {instance.place.zone} is back"
        if instance is self.writer and self.upstream is None:
            if not any(each.answers and each is not instance for each in self.instances.values()):
                self._work(instance, instance.restart(port, self.context), done)
            return  # otherwise a reader is about to be promoted
        source = self._at(self._wanted()[name])
        if source is not None and source.answers:
            self._work(instance, instance.copy(port, self.context, source.address), done)

    # What others are told

    def publish(self) -> None:
        """Let the names lead to where they should; a secondary's writer endpoint leads nowhere."""
        readers = [each.address for n, each in self.instances.items() if n != self.head or self.upstream is not None]
        living = [each.address for each in self.instances.values() if each.address in readers and each.answers]
        now = (self.head, self.upstream is None, self.global_endpoint, *living)
        if now == self._published:
            return
        self._published = now
        names, region = self.lab.names, self.region
        if self.upstream is None:
            names.publish(self.cluster.endpoint, [self.writer.address], ttl=ENDPOINT_TTL, region=region)
            if self.global_endpoint:
                names.publish(self.global_endpoint, [self.writer.address], ttl=ENDPOINT_TTL)
        else:
            names.withdraw(self.cluster.endpoint)
        reading = living or readers or [self.writer.address]
        names.publish(self.cluster.reader_endpoint, reading, ttl=ENDPOINT_TTL, region=region)
        for each in self.instances.values():
            names.publish(each.spec.endpoint, [each.address], ttl=ENDPOINT_TTL, region=region)

    def withdraw(self) -> None:
        """Let the names lead nowhere."""
        for name in self.cluster.names:
            self.lab.names.withdraw(name)
        self._published = ()

    def report(self) -> None:
        """Tell the account which instances are lost, and which are back."""
        now = {
            name: "available" if each.answers else "lost"
            for name, each in self.instances.items()
            if each.answers or each.lost or self._failed(each)
        }
        changed = {name: state for name, state in now.items() if self._reported.get(name, "available") != state}
        if changed:
            self.outbox.nodes(self.region, changed)
            self._reported |= changed

    def _note(self, text: str, **fields: Any) -> None:
        self.lab.events.note("database", text, region=self.region, **fields)

    def describe(self) -> dict[str, Any]:
        """Plain data for the console."""
        head = self.writer if self.upstream is None else self.upstream.writer
        return {
            "id": self.cluster.id,
            "region": self.region,
            "status": self.cluster.status,
            "writes": self.writes,
            "instances": [
                {
                    "id": name,
                    "zone": each.place.zone,
                    "address": each.address,
                    "role": "writer" if each is head else "reader",
                    "state": "promoting" if name == self.head and self.promoting else self.state(each),
                    "confirms": name in self.confirming,
                }
                | ({} if each is head else {"lag": round(self.lab.pace.aws(each.lag_behind(head)), 1)})
                for name, each in self.instances.items()
            ],
        }
